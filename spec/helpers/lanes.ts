import ava, {type ExecutionContext, type Implementation} from 'ava';
import {type LaneName, laneNames} from '../../lib/config/options.js';

const lanes = new WeakMap<ExecutionContext, LaneName>();

/** The lane that a test was declared for; `undefined` when it does not care. */
export function laneOf(t: ExecutionContext): LaneName | undefined {
	return lanes.get(t);
}

/** The lane of a test, as flags of the command line. */
export function laneFlags(t: ExecutionContext): readonly string[] {
	const lane = laneOf(t);
	return lane === undefined ? [] : ['--lane', lane];
}

type Exec = (t: ExecutionContext) => unknown;

/** How a test is declared: AVA's `test`, `onLinux`, what `needs` and `unless` return, or one of these. */
export type Declare = (title: string, exec: Exec) => void;

/** Declares a test for one lane. Whoever calls this says why the other lane cannot pass it. */
export function onLane(lane: LaneName, declare: Declare = ava): Declare {
	return (title, exec) =>
		declare(`${lane}: ${title}`, t => {
			lanes.set(t, lane);
			return exec(t);
		});
}

/** Declares a test once for each lane: `onEachLane(needs('curl'))`. */
export function onEachLane(declare: Declare): Declare {
	return (title, exec) => {
		for (const lane of laneNames) {
			onLane(lane, declare)(title, exec);
		}
	};
}

/** As AVA's `test`, macros included, but each test is declared by what `each` makes of AVA's. */
export function declaring(each: (declare: Declare) => Declare) {
	return Object.assign(
		<Args extends unknown[]>(
			title: string,
			implementation: Implementation<Args>,
			...args: Args
		): void => {
			const plain = typeof implementation === 'function';
			const name = plain ? title : (implementation.title?.(title, ...args) ?? title);
			const exec = plain ? implementation : implementation.exec;
			each(ava)(name, t => exec(t, ...args));
		},
		{macro: ava.macro},
	);
}

/**
 * AVA's `test`, which declares each test once for each lane. What a test starts by `startTunnel` or
 * `wrap` forwards by the lane of that test; whatever else it starts is to be given `laneOf(t)` or
 * `laneFlags(t)`.
 */
export const test = declaring(onEachLane);
