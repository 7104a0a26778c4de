import test from 'ava';
import {UserError} from '../../lib/errors.js';
import {parseDomain} from '../../lib/pki/domain.js';

for (const [text, domain] of [
	['example.com', 'example.com'],
	['Dev.Example.COM.', 'dev.example.com'],
	['bücher.example', 'xn--bcher-kva.example'],
	['me.github.io', 'me.github.io'],
	['shop.co.uk', 'shop.co.uk'],
	['corp.lan', 'corp.lan'],
	['app.test', 'app.test'],
] as const) {
	test(`${text} can be somebody's own`, async t => {
		t.is(await parseDomain(text), domain);
	});
}

for (const [text, message, hint] of [
	['com', /others have their names there/, /example\.com/],
	['co.uk', /others have their names there/, /example\.com/],
	['github.io', /others have their names there/, /example\.com/],
	['lan', /others have their names there/, /example\.com/],
	['*.example.com', /covers every name below it/, /give it as example\.com$/],
	['93.184.216.34', /expected a domain/, /private addresses/],
	['exa mple.com', /expected a host name/, /./],
	['', /expected a host name/, /./],
] as const) {
	test(`${JSON.stringify(text)} is refused as a domain`, async t => {
		const error = await t.throwsAsync(parseDomain(text), {instanceOf: UserError});
		t.is(error?.code, 'option-invalid');
		t.regex(error?.message ?? '', message);
		t.true(error?.message.includes(JSON.stringify(text)));
		t.regex(error?.hint ?? '', hint);
	});
}
