/**
 * Divides a rule into its conditions: at commas that something like `kind=` follows, so that a path may have
 * commas in it.
 */
export function conditionsOf(rule: string): string[] {
	return rule.trim().split(/,\s*(?=[a-z]+=)/i);
}
