/** Sixteen colours on a dark ground, of which even the dark ones can be read there. */
const colours = [
	...['#8b9aa2', '#ff7b72', '#7ee787', '#e3b341', '#79b8ff', '#d2a8ff', '#56d4dd', '#d5dee2'],
	...['#9fb0b8', '#ffa198', '#a5f3ae', '#f2cc60', '#a5d6ff', '#e2c5ff', '#8be9f0', '#ffffff'],
];
const grounds = [
	...['#000000', '#8e1519', '#116329', '#7d4e00', '#0a3069', '#512a97', '#0b5a62', '#57606a'],
	...['#333e46', '#a40e26', '#1a7f37', '#8a5a00', '#0550ae', '#6639ba', '#0e6f78', '#6e7781'],
];

/** How the classes of `terminalHtml` look, inside an element of class `terminal`: dark, always. */
export const terminalStyle = `
.terminal { background: #0d1418; color: #d5dee2; border-radius: 0.6rem; padding: 0.9rem 1rem; max-height: 24rem; overflow: auto; display: flex; flex-direction: column-reverse; }
.terminal pre { margin: 0; color: inherit; font-family: var(--mono); font-size: 0.82rem; line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
${colours.map((colour, index) => `.f${index} { color: ${colour}; }`).join('\n')}
${grounds.map((ground, index) => `.b${index} { background: ${ground}; }`).join('\n')}
.bold { font-weight: 700; }
.dim { opacity: 0.75; }
.italic { font-style: italic; }
.under { text-decoration: underline; }
.struck { text-decoration: line-through; }
.inverse { background: #d5dee2; color: #0d1418; }
`;
