import {EOL} from 'node:os';
import {UserError} from '../errors.js';

/** A line that Sealport has put into the hosts file, and no other. */
const own = /^(?:127\.0\.0\.1|::1) ([a-z\d.-]+) # sealport[ \t]*$/;

/** The lines that lead a name to this machine: one for each family. */
export function linesFor(name: string): readonly string[] {
	return ['127.0.0.1', '::1'].map(address => `${address} ${name} # sealport`);
}

/** The lines of Sealport in a hosts file. */
export function ownLines(text: string): readonly string[] {
	return rows(text)
		.map(({content}) => content.trimEnd())
		.filter(line => own.test(line));
}

/** The name in a line of Sealport. */
export function nameIn(line: string): string {
	return own.exec(line)?.[1] ?? '';
}

/**
 * Adds the lines that names lack. What is there stays as it is, and so does whether the last line ends.
 *
 * @param text the file, one character a byte
 * @param names lower case
 * @returns the file as it is to be, and the lines that are new
 * @throws UserError `hosts-unusable` where a line leads one of them to another machine
 */
export function addNames(
	text: string,
	names: readonly string[],
): {readonly text: string; readonly added: readonly string[]} {
	const added = [...new Set(names)].flatMap(name => missingLines(text, name));
	if (added.length === 0) {
		return {text, added};
	}
	const end = /\r?\n/.exec(text)?.[0] ?? EOL;
	const isEnded = text === '' || text.endsWith('\n');
	const block = added.join(end);
	return {text: isEnded ? `${text}${block}${end}` : `${text}${end}${block}`, added};
}

/**
 * Takes the lines of Sealport out.
 *
 * @param names whose; all of them when left out
 */
export function removeNames(
	text: string,
	names: readonly string[] | undefined,
): {readonly text: string; readonly removed: readonly string[]} {
	const all = rows(text);
	const isGone = ({content}: Row) =>
		own.test(content) && (names === undefined || names.includes(nameIn(content)));
	const removed = all.filter(isGone).map(({content}) => content.trimEnd());
	const kept = all.filter(row => !isGone(row));
	const last = kept.at(-1);
	const wasEnded = all.at(-1)?.end !== '';
	// A file whose last line did not end got its line end from what was added.
	const left = kept.map(row => (row === last && !wasEnded ? row.content : row.content + row.end));
	return {text: removed.length === 0 ? text : left.join(''), removed};
}

/** Whether the file itself leads a name to this machine. */
export function leadsHere(text: string, name: string): boolean {
	return missingLines(text, name).length < 2;
}

function missingLines(text: string, name: string): readonly string[] {
	const found = rows(text).flatMap(({content}, index) => {
		const [address = '', ...names] = content
			.replace(byteOrderMark, '')
			.replace(/#.*$/, '')
			.trim()
			.toLowerCase()
			.split(/\s+/);
		return names.includes(name) ? [{address, number: index + 1}] : [];
	});
	const elsewhere = found.find(({address}) => !isLoopback(address));
	if (elsewhere !== undefined) {
		throw new UserError(
			'hosts-unusable',
			`line ${elsewhere.number} leads ${name} to ${elsewhere.address}, and the first line counts`,
			{hint: 'take the name out of that line first: it is not of Sealport'},
		);
	}
	return linesFor(name).filter(
		line => !found.some(({address}) => address.includes(':') === line.startsWith(':')),
	);
}

function isLoopback(address: string): boolean {
	return /^127(?:\.\d+){3}$/.test(address) || address === '::1';
}

interface Row {
	readonly content: string;
	/** What ends it: nothing for a last line that does not end. */
	readonly end: string;
}

function rows(text: string): readonly Row[] {
	const lines = text === '' ? [] : text.split(/(?<=\n)/);
	return lines.map(line => {
		const content = line.replace(/\r?\n$/, '');
		return {content, end: line.slice(content.length)};
	});
}

/** As it looks with one character a byte. */
const byteOrderMark = '\u00ef\u00bb\u00bf';
