import test from 'ava';
import {labelOf} from '../../lib/find/label.js';

const called = test.macro({
	title: (_, label, argv: readonly string[]) => `${argv.join(' ')} is called ${label}`,
	exec: (t, label: string, argv: readonly string[]) => t.is(labelOf(argv, 'fallback'), label),
});

test(called, 'vite', ['node', '/app/node_modules/.bin/vite', '--port', '3000']);
test(called, 'vite', ['/usr/bin/node', '--inspect', '/app/node_modules/vite/bin/vite.js']);
test(called, 'ng', ['node', '/app/node_modules/@angular/cli/bin/ng.js', 'serve']);
test(called, '@some/server', ['node', '/app/node_modules/@some/server/dist/index.mjs']);
test(called, 'storybook', ['node', 'node_modules/storybook/bin/index.cjs', 'dev']);
test(called, 'webpack', ['node', '/app/node_modules/webpack/lib/base.js']);
test(called, 'next', ['node', '/app/node_modules/next/dist/bin/next', 'dev']);
test(called, 'vite', ['C:\\nodejs\\node.exe', 'C:\\app\\node_modules\\vite\\bin\\vite.js']);
test(called, 'node server.js', ['node', 'server.js']);
test(called, 'node', ['node', '-e', "console.log('x')"]);
test(called, 'node', ['node']);
test(called, 'python3 -m http.server', ['python3', '-m', 'http.server', '8000']);
test(called, 'python3 manage.py', ['python3', 'manage.py', 'runserver']);
test(called, 'php', ['php', '-S', 'localhost:8000']);
test(called, 'next-server', ['next-server (v15.1.0)']);
test(called, 'puma', ['puma 6.4.0 (tcp://localhost:3000) [app]']);
test(called, 'api', ['/home/me/api/bin/api', '--listen', ':8080']);
test(called, 'fallback', []);
test(called, '\\x1b[2J', ['\u001b[2J']);
