/** stand-in until the page is drawn */
export function failurePage(values: {
	readonly status: string;
	readonly title: string;
	readonly message: string;
	readonly hint: string;
	readonly code: string;
	readonly reload: boolean;
}): {html: string; contentSecurityPolicy: string} {
	return {html: values.status, contentSecurityPolicy: "default-src 'none'"};
}
