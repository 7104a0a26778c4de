/** Where JSON is not JSON, or says something twice. */
export interface JsonFault {
	/** In the text. */
	readonly offset: number;
	readonly why: string;
	readonly hint: string;
}

const token =
	/\s*(?:([{}[\]:,])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null)(?![\w.]))/iy;

/**
 * Finds the first fault of JSON (RFC 8259), and fields that are there twice, of which `JSON.parse` takes the
 * last one without a word.
 */
export function findFault(text: string): JsonFault | undefined {
	let at = text.startsWith('\uFEFF') ? 1 : 0;

	function next(): string {
		token.lastIndex = at;
		const found = token.exec(text);
		if (found === null) {
			throw fault(text, at);
		}
		at = token.lastIndex;
		return found[0].trimStart();
	}

	function expect(wanted: RegExp, why: string, hint: string): string {
		const before = at;
		const found = next();
		if (!wanted.test(found)) {
			throw {
				offset: startOf(text, before),
				why: `${why}, found ${found}`,
				hint,
			} satisfies JsonFault;
		}
		return found;
	}

	function value(first = next()): void {
		if (first === '{') {
			object();
		} else if (first === '[') {
			list();
		} else if (/^[}\],:]$/.test(first)) {
			throw {
				offset: at - first.length,
				why: `expected a value, found ${first}`,
				hint: 'JSON has no trailing commas, and no value may be left out',
			} satisfies JsonFault;
		}
	}

	function object(): void {
		const names = new Set<string>();
		let name = expect(/^["}]/, 'expected a name in double quotes', 'put the name in double quotes');
		while (name !== '}') {
			if (names.has(name)) {
				throw {
					offset: at - name.length,
					why: `${name} is there twice`,
					hint: 'take one of the two away: only the last one would count',
				} satisfies JsonFault;
			}
			names.add(name);
			expect(/^:/, 'expected a colon', 'put a colon between name and value');
			value();
			const end = expect(/^[,}]/, 'expected a comma or }', 'put a comma between the fields');
			name =
				end === '}'
					? end
					: expect(/^"/, 'expected a name in double quotes', 'JSON has no trailing commas');
		}
	}

	function list(): void {
		let first = next();
		while (first !== ']') {
			value(first);
			const end = expect(/^[,\]]/, 'expected a comma or ]', 'put a comma between the values');
			first = end === ']' ? end : next();
			if (end === ',' && first === ']') {
				const hint = 'JSON has no trailing commas';
				throw {offset: at - 1, why: 'expected a value, found ]', hint} satisfies JsonFault;
			}
		}
	}

	try {
		value();
		const rest = startOf(text, at);
		return rest < text.length ? fault(text, rest, 'expected the end of the file') : undefined;
	} catch (error) {
		if (error instanceof Error) {
			throw error;
		}
		return error as JsonFault;
	}
}

/** What stands where no token is. */
function fault(text: string, from: number, why?: string): JsonFault {
	const offset = startOf(text, from);
	const rest = text.slice(offset, offset + 20).split('\n')[0] ?? '';
	if (/^\/[/*]/.test(rest)) {
		return {
			offset,
			why: 'JSON has no comments',
			hint: 'take them out, or name the file sealport.config.ts, where they are allowed',
		};
	}
	if (rest === '' && offset >= text.length) {
		const last = text.trimEnd().length;
		return {offset: last, why: 'the file ends too early', hint: 'close what is open: } or ]'};
	}
	const hint = rest.startsWith("'")
		? 'JSON has double quotes only'
		: /^[a-z_$]/i.test(rest)
			? 'put names and texts in double quotes'
			: 'correct it there';
	return {offset, why: why ?? `unexpected ${rest.startsWith('"') ? 'text' : rest.charAt(0)}`, hint};
}

function startOf(text: string, from: number): number {
	return from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
}
