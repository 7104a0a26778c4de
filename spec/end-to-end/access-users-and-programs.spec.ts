import type {ExecutionContext} from 'ava';
import {
	addresses,
	guard,
	openPlace,
	type Place,
	protocols,
	type Try,
} from '../helpers/strangers/stage.js';
import {curl, daemon, nobody, type User, withUsers} from '../helpers/strangers/users.js';

/** Every user with every program, in every protocol, over both families. */
function everyTry({otherCurl, python}: Place): Try[] {
	return [nobody, daemon].flatMap(user =>
		[curl, otherCurl, python].flatMap(program =>
			protocols.flatMap(protocol =>
				addresses.map((address, index) => {
					const path = `/${user.name}/${program.replace(/\W/g, '-')}/${protocol}/${index}`;
					return {user, program, protocol, address, path};
				}),
			),
		),
	);
}

async function exactlyOne(
	t: ExecutionContext,
	flagsFor: (place: Place) => readonly string[],
	isAllowed: (user: User, program: string, place: Place) => boolean,
	policy: string,
): Promise<void> {
	t.timeout(600_000);
	const place = openPlace(t);
	const guarded = await guard(t, place, flagsFor(place));
	for (const each of everyTry(place)) {
		const {user, program, protocol, path} = each;
		const outcome = await guarded.tries(each);
		if (isAllowed(user, program, place)) {
			t.is(outcome, protocol === 'ws' ? '101 hello' : '200 hello', path);
		} else {
			t.is(outcome, '403', path);
			const told = await guarded.refusal(path);
			const who = `from ${user.name}, ${program} (pid `;
			t.true(told.startsWith('refused: GET https://localhost'), told);
			t.true(told.includes(who) && told.includes(`): policy ${policy}: `), told);
		}
	}
	t.is(guarded.sealport.stderr.match(/^refused: /gm)?.length, refusals(place, isAllowed));
}

function refusals(place: Place, isAllowed: (user: User, program: string, place: Place) => boolean) {
	return everyTry(place).filter(({user, program}) => !isAllowed(user, program, place)).length;
}

withUsers('two users, three programs: exactly the allowed user with the allowed program', t =>
	exactlyOne(
		t,
		({otherCurl}) => ['--allow', `user=${nobody.name},exe=${otherCurl}`],
		(user, program, {otherCurl}) => user === nobody && program === otherCurl,
		'allow',
	),
);

withUsers('alternatives, of which one is a program by a link and one a user by number', t =>
	exactlyOne(
		t,
		() => ['--allow', `user=${daemon.uid},exe=/bin/curl`, '--allow', 'exe=/usr/bin/python3*'],
		(user, program, {python}) => program === python || (user === daemon && program === curl),
		'allow',
	),
);

withUsers('what is denied is refused, whatever else is allowed', t =>
	exactlyOne(
		t,
		({directory}) => [
			'--allow',
			'user=nobody',
			'--deny',
			`exe=${directory}/**`,
			'--deny',
			'user=daemon',
		],
		(user, program, {otherCurl}) => user === nobody && program !== otherCurl,
		'deny',
	),
);
