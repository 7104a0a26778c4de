import {createHash} from 'node:crypto';
import test from 'ava';
import {failurePage} from '../../lib/forward/failure-page.js';

const plain = {
	status: 502,
	title: 'The backend does not answer',
	message: 'http://localhost:3000 refused the connection',
	hint: 'start your dev server',
	detail: 'connect ECONNREFUSED 127.0.0.1:3000',
	reload: true,
};

const hash = (content: string) => createHash('sha256').update(content).digest('base64');

const hostile = `</script></pre></title><img src=x onerror="alert('1')">&amp;`;

for (const field of ['title', 'message', 'hint', 'detail'] as const) {
	test(`hostile text in ${field} stays text`, t => {
		const {html} = failurePage({...plain, [field]: hostile});
		t.notRegex(html, /<img/);
		t.true(
			html.includes(
				'&lt;/script&gt;&lt;/pre&gt;&lt;/title&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;',
			),
		);
		t.is(html.split('</script>').length, 2);
	});
}

test('the policy allows the page its own style and script and nothing else', t => {
	const {html, contentSecurityPolicy} = failurePage(plain);
	const script = html.match(/<script>(.*)<\/script>/s)?.[1] ?? t.fail();
	const style = html.match(/<style>(.*)<\/style>/s)?.[1] ?? t.fail();
	t.is(
		contentSecurityPolicy,
		[
			"default-src 'none'",
			`style-src 'sha256-${hash(style)}'`,
			`script-src 'sha256-${hash(script)}'`,
			"base-uri 'none'",
			"form-action 'none'",
			"frame-ancestors 'none'",
			"connect-src 'self'",
		].join('; '),
	);
	t.notRegex(html, / style=| on[a-z]+=|https?:\/\/(?!localhost)/);
});

test('a page that does not reload has no script, and may run none', t => {
	const {html, contentSecurityPolicy} = failurePage({...plain, reload: false});
	t.notRegex(html, /<script|<noscript|id="watch"/);
	t.notRegex(contentSecurityPolicy, /script-src|connect-src/);
});

test('what is not known leaves no empty frame', t => {
	const {html} = failurePage({...plain, hint: undefined, detail: undefined});
	t.notRegex(html, /class="hint"|<pre>/);
});

test('without JavaScript the page says to reload', t => {
	t.regex(failurePage(plain).html, /<noscript><p[^>]*>Reload this page/);
});
