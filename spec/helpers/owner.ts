import test, {type ExecutionContext} from 'ava';

/** Whose end is the end of what a spec opens: a test, or its whole file. */
export type Owner = Pick<ExecutionContext, 'teardown'>;

const endings: Array<() => unknown> = [];

test.after.always(async () => {
	for (const end of endings.splice(0).reverse()) {
		await end();
	}
});

/** The spec file: what it owns is there for all of its tests. */
export const specFile: Owner = {
	teardown(end: () => unknown) {
		endings.push(end);
	},
};
