import {ProxyError} from '../../errors.js';
import type {Applicant} from '../../forward/seams.js';

/** What lets in. */
interface Asked {
	readonly token: boolean;
	readonly auth: boolean;
}

const openLink = 'open the link that Sealport printed when it started';
const byProgram = 'programs send the token as "Authorization: Bearer ..."';

/** Refuses a request without credentials. */
export function missing(applicant: Applicant, asked: Asked, hasSession: boolean): ProxyError {
	const wanted = [asked.token ? 'a token' : '', asked.auth ? 'a user name and a password' : '']
		.filter(each => each !== '')
		.join(', or ');
	const message = hasSession
		? 'the cookie of this browser is of an earlier start'
		: `this address asks for ${wanted}, and the request has none`;
	// A browser keeps the cookie to itself where another site has led it here.
	const isLedHere = applicant.values('sec-fetch-site').includes('cross-site');
	const again = isLedHere ? 'if this browser had been let in, try again from here; otherwise ' : '';
	return refuse(asked.token ? 'token' : 'auth', message, hintFor(asked, again), challenge(asked));
}

/** Refuses credentials that are not right, or not given where they may be. */
export function wrong(
	by: 'token' | 'auth' | 'link' | 'method' | 'several',
	asked: Asked,
): ProxyError {
	const messages = {
		token: 'the token is wrong',
		auth: 'the user name or the password is wrong',
		link: 'the token in the link is wrong',
		method: 'a link with a token is for GET only',
		several: 'the request has more than one Authorization field',
	};
	const fields = challenge(asked, by === 'token' ? ', error="invalid_token"' : '');
	const policy = by === 'auth' || !asked.token ? 'auth' : 'token';
	return refuse(policy, messages[by], hintFor(asked), fields);
}

/** Refuses to compare anything for a while. */
export function tooMany(by: 'token' | 'auth' | 'link', seconds: number): ProxyError {
	const time = seconds === 1 ? 'a second' : `${seconds} seconds`;
	return new ProxyError('too-many-tries', 'downstream', 'too many wrong tries came from there', {
		policy: by === 'auth' ? 'auth' : 'token',
		hint: `try again in ${time}: until then nothing is compared, right or wrong`,
		fields: ['Retry-After', String(seconds), 'Referrer-Policy', 'no-referrer'],
	});
}

function hintFor({token, auth}: Asked, before = ''): string {
	const password = 'give the user name and the password that Sealport was started with';
	const parts = [token ? openLink : '', auth ? password : ''].filter(part => part !== '');
	return `${before}${parts.join(', or ')}${token ? `; ${byProgram}` : ''}`;
}

/** A field for each scheme (RFC 9110 section 11.6.1). */
function challenge({token, auth}: Asked, parameters = ''): string[] {
	return [
		...(token ? ['WWW-Authenticate', `Bearer realm="Sealport"${parameters}`] : []),
		...(auth ? ['WWW-Authenticate', 'Basic realm="Sealport", charset="UTF-8"'] : []),
	];
}

function refuse(policy: string, message: string, hint: string, fields: string[]): ProxyError {
	return new ProxyError('credentials-missing', 'downstream', message, {
		...{policy, hint},
		// The address may have a token in it that is of another start.
		fields: [...fields, 'Referrer-Policy', 'no-referrer'],
	});
}
