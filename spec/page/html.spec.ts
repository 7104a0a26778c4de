import test from 'ava';
import {document, escapeHtml, inlineSource} from '../../lib/page/html.js';

test('text is safe inside elements and attributes', t => {
	t.is(
		escapeHtml(`</p><a b='c' d="e">&`),
		'&lt;/p&gt;&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;',
	);
});

test('a page without a script allows none', t => {
	const {html, contentSecurityPolicy} = document({title: '<', style: 'p {}', body: '<p>x</p>'});
	t.true(html.includes('<title>&lt;</title>'));
	t.notRegex(html, /<script/);
	t.is(
		contentSecurityPolicy,
		`default-src 'none'; style-src ${inlineSource('p {}')}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
	);
});
