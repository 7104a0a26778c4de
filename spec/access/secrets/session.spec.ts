import test from 'ava';
import {
	cookieIn,
	cookieName,
	sessionOf,
	withoutSessions,
} from '../../../lib/access/secrets/session.js';

const own = '__Host-sealport-62893';

for (const [before, after] of [
	['a=1; b=2', 'a=1; b=2'],
	[`${own}=x`, undefined],
	[`${own}=x;`, undefined],
	[`a=1; ${own}=x; b=2`, 'a=1; b=2'],
	[`${own}=x; a=1;b=2 ; c`, 'a=1;b=2 ; c'],
	[`a=1;${own}=x`, 'a=1'],
	[`a="q\\"; ${own}=x;  b=2`, 'a="q\\";  b=2'],
	[`${own}=x; __Host-sealport-443=y`, undefined],
	[`${own}; a=1`, 'a=1'],
	[`${own}x=1; ${own}=y`, `${own}x=1`],
	['__Host-sealport-=1; __Host-sealport-123456=2', '__Host-sealport-=1; __Host-sealport-123456=2'],
] as const) {
	test(`"${before}" becomes "${after}"`, t => t.is(withoutSessions(before), after));
}

test('the name is that of the port that the browser sees', t => {
	const authority = {host: 'localhost', text: 'localhost'};
	t.is(cookieName({...authority, port: 62_893}), own);
	t.is(cookieName({...authority, port: undefined}), '__Host-sealport-443');
});

test('the value is found among others', t => {
	t.is(cookieIn(['a=1', `b=2;${own}=abc ; c=3`], own), 'abc');
	t.is(cookieIn([`${own}=a=b`], own), 'a=b');
	t.is(cookieIn([`x${own}=abc`, own], own), undefined);
	t.is(cookieIn([], own), undefined);
});

test('the session is not the token, and another one for another token', t => {
	t.regex(sessionOf('secret-token-1234'), /^[\w-]{43}$/);
	t.is(sessionOf('secret-token-1234'), sessionOf('secret-token-1234'));
	t.not(sessionOf('secret-token-1234'), sessionOf('secret-token-1235'));
});
