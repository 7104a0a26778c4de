/** A script's last command, to which whatever is appended to the script goes. */
export interface Script {
	readonly words: readonly string[];
	/** Where the script goes before, by `cd`. */
	readonly directory: string | undefined;
}

/**
 * Splits a script of package.json into words. Variables stay as they are written.
 *
 * @returns `undefined` where words that are appended to the script would not be arguments of its one
 *   command that goes on: pipes, commands in the background, redirections, sub-shells
 */
export function scriptWords(text: string): Script | undefined {
	const parts = tokens(text);
	if (parts === undefined) {
		return undefined;
	}
	const commands: string[][] = [[]];
	for (const {text: token, operator} of parts) {
		if (operator) {
			commands.push([]);
		} else {
			commands.at(-1)?.push(token);
		}
	}
	const last = commands.at(-1) ?? [];
	const moves = commands.slice(0, -1).filter(([name]) => name === 'cd');
	if (last.length === 0 || moves.length > 1 || moves.some(({length}) => length !== 2)) {
		return undefined;
	}
	return {words: last, directory: moves[0]?.[1]};
}

interface Token {
	readonly text: string;
	readonly operator: boolean;
}

/** White space, an operator that runs one command after the other, a quoted part, or a plain one. */
const part =
	/\s+|(&&|;)|"((?:[^"\\`$]|\\.|\$(?!\())*)"|'([^']*)'|((?:[^\s"'\\&|;<>(){}`#$]|\\.|\$\{[^}]*\}|\$(?![({])|(?<=\S)#)+)/suy;

function tokens(text: string): readonly Token[] | undefined {
	const found: Token[] = [];
	let open: string | undefined;
	const close = () => {
		if (open !== undefined) {
			found.push({text: open, operator: false});
			open = undefined;
		}
	};
	part.lastIndex = 0;
	while (part.lastIndex < text.length) {
		const match = part.exec(text);
		if (match === null) {
			return undefined;
		}
		const [, operator, double, single, plain] = match;
		const content = double ?? plain;
		if (content !== undefined || single !== undefined) {
			open = (open ?? '') + (single ?? content?.replaceAll(/\\(.)/gsu, '$1') ?? '');
		} else {
			close();
			if (operator !== undefined) {
				found.push({text: operator, operator: true});
			}
		}
	}
	close();
	return found;
}
