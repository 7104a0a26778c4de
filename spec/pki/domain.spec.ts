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
	['com', /is shared by many owners/, /such as example\.[a-z]/],
	['co.uk', /is shared by many owners/, /such as example\.[a-z]/],
	['github.io', /is shared by many owners/, /such as example\.[a-z]/],
	['lan', /is shared by many owners/, /such as example\.[a-z]/],
	['*.example.com', /covers every name below it/, /give it as example\.com$/],
	['93.184.216.34', /expected a domain/, /private addresses/],
	['exa mple.com', /^domain: expected a domain/, /such as dev\.example\.com/],
	['', /^domain: expected a domain/, /such as dev\.example\.com/],
] as const) {
	test(`${JSON.stringify(text)} is refused as a domain`, async t => {
		const error = await t.throwsAsync(parseDomain(text), {instanceOf: UserError});
		t.is(error?.code, 'option-invalid');
		t.regex(error?.message ?? '', message);
		t.true(error?.message.includes(JSON.stringify(text)));
		t.regex(error?.hint ?? '', hint);
	});
}
