/**
 * What all pages of Sealport share: colours for light and dark, type, and the frame. Text against
 * its ground has a contrast of at least 4.5 (WCAG 2.2, 1.4.3).
 */
export const look = `
:root {
	color-scheme: light dark;
	--ground: #f5f3ee; --card: #fffefb; --ink: #17262e; --soft: #55656d; --line: #dfdacd;
	--accent: #0a6a66; --wash: #e3efec; --good: #1c7a45; --warn: #9a5b00; --bad: #b3372b;
	--mono: ui-monospace, "SF Mono", "Cascadia Mono", "Segoe UI Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
	:root {
		--ground: #0d161b; --card: #142027; --ink: #e3ecee; --soft: #9db0b7; --line: #263740;
		--accent: #6cd0c1; --wash: #17302f; --good: #6ccf94; --warn: #e5b567; --bad: #f08a7c;
	}
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
	margin: 0; background: var(--ground); color: var(--ink);
	font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
}
main { max-width: 68rem; margin: 0 auto; padding: clamp(1.5rem, 5vw, 3.5rem) clamp(1rem, 4vw, 2rem); }
h1 { font-size: clamp(1.7rem, 5vw, 2.5rem); line-height: 1.15; letter-spacing: -0.02em; margin: 0; text-wrap: balance; }
h2 { font-size: 1rem; letter-spacing: -0.005em; margin: 0; }
p { margin: 0; text-wrap: pretty; }
code, .mono { font-family: var(--mono); font-size: 0.875em; overflow-wrap: anywhere; }
a { color: var(--accent); }
.brand { display: flex; align-items: center; gap: 0.6rem; font-weight: 600; color: var(--accent); }
.brand svg { width: 1.75rem; height: 1.75rem; flex: none; }
.soft { color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 0.9rem; padding: 1.25rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;

/** The mark: a porthole, sealed, over water. Takes the colour of the text around it. */
export const mark = `<svg viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" aria-hidden="true"><circle cx="16" cy="16" r="13"/><circle cx="16" cy="12.6" r="3.1"/><path d="M16 15.7v3"/><path d="M6.6 21.6c2.4-1.9 4.7-1.9 7 0s4.7 1.9 7 0 3.5-1.8 4.8-1.2"/></svg>`;
