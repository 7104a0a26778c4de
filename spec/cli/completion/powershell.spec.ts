import test from 'ava';
import {scripts} from '../../../lib/cli/completion/scripts.js';

const script = scripts.powershell;

/** The script without what stands in quotes and comments. */
const code = script.replace(/^#.*$/gm, '').replace(/'[^']*'|"[^"]*"/g, "''");

test('PowerShell has no quotes or brackets left open', t => {
	t.notRegex(code.replaceAll("''", ''), /['"]/);
	const ends: Readonly<Record<string, string>> = {'(': ')', '[': ']', '{': '}'};
	const open: string[] = [];
	for (const sign of code.match(/[()[\]{}]/g) ?? []) {
		if (sign in ends) {
			open.push(ends[sign] ?? '');
		} else {
			t.is(open.pop(), sign);
		}
	}
	t.deepEqual(open, []);
});

test('PowerShell may read it in any code page', t => {
	t.regex(script, /^[\t\n -~]*$/);
});

test('it completes for sealport, and asks with the words in a variable that goes away again', t => {
	t.regex(script, /Register-ArgumentCompleter -Native -CommandName sealport -ScriptBlock \{/);
	t.regex(script, /param\(\$wordToComplete, \$commandAst, \$cursorPosition\)/);
	t.regex(script, /\$env:SEALPORT_COMPLETE = .* -join \[char\]31/);
	t.regex(script, /finally \{\s*Remove-Item Env:SEALPORT_COMPLETE\s*\}/);
	t.notRegex(script, / -- /, 'PowerShell keeps a lone -- for itself');
});
