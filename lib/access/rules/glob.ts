/** Whether a path has wildcards in it, or what might be taken for one. */
export function isGlob(text: string): boolean {
	return /[*?[\]{}]/.test(text);
}

/** What is wrong with a glob, to follow its text; `undefined` when nothing is. */
export function wrongWithGlob(text: string): string | undefined {
	const names = text.split('/').slice(1);
	if (/[[\]{}]/.test(text)) {
		return 'has brackets, which stand for nothing here: there are *, ** and ?';
	}
	if (names.some(name => name === '.' || name === '..')) {
		return 'has . or .. in it';
	}
	if (names.includes('')) {
		return 'has an empty name in it, or ends with a slash';
	}
	if (names.some(name => name.includes('**') && name !== '**')) {
		return 'has ** beside other characters: it stands between slashes, for whole folders';
	}
	return undefined;
}

/**
 * Compiles a glob of paths: `*` is any part of a name, `?` one character of it, `**` any folders, or none; at
 * the end, everything below.
 *
 * @param text begins with a slash, and `wrongWithGlob` finds nothing wrong with it
 * @returns whether a whole path fits. It takes no more steps than the two lengths multiplied, whatever they
 * are made of.
 */
export function compileGlob(text: string): (path: string) => boolean {
	const names = text.split('/').slice(1);
	const folders = names.at(-1) === '**' ? [...names, '*'] : names;
	const pattern = folders.map(name => (name === '**' ? folderStar : Array.from(name)));
	return path => {
		const [root, ...parts] = path.split('/');
		const wellFormed = root === '' && !parts.includes('');
		return wellFormed && fits(pattern, parts, folderStar, nameFits);
	};
}

const folderStar: readonly string[] = ['**'];

function nameFits(pattern: readonly string[], name: string): boolean {
	return fits(pattern, Array.from(name), '*', (one, other) => one === '?' || one === other);
}

/**
 * Whether items fit a pattern. Going back to the last star is enough: what stood before it has been
 * matched as early as can be, so no other way of doing that leaves more for what follows.
 *
 * @param star what stands for any number of items
 */
function fits<Part, Item>(
	pattern: readonly Part[],
	items: readonly Item[],
	star: Part,
	fitsOne: (part: Part, item: Item) => boolean,
): boolean {
	let [at, item] = [0, 0];
	let back: {readonly at: number; readonly item: number} | undefined;
	for (;;) {
		const [part, next] = [pattern[at], items[item]];
		if (part === star && part !== undefined) {
			at += 1;
			back = {at, item};
		} else if (next === undefined) {
			return at === pattern.length;
		} else if (part !== undefined && fitsOne(part, next)) {
			at += 1;
			item += 1;
		} else if (back !== undefined) {
			at = back.at;
			item = back.item + 1;
			back = {at, item};
		} else {
			return false;
		}
	}
}
