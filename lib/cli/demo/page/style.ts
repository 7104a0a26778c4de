/** What the demo page adds to the common look. */
export const style = `
.top { display: grid; gap: 0.9rem; }
.top h1 { margin-top: 0.6rem; }
.lead { font-size: 1.1rem; max-width: 42rem; }
.path { list-style: none; margin: 2.25rem 0; padding: 0; display: flex; align-items: stretch; }
.path b { display: block; font-weight: 600; }
.path span { display: block; font-size: 0.85rem; }
.path .mono { font-size: 0.8rem; }
.stop { background: var(--card); border: 1px solid var(--line); border-radius: 0.9rem; padding: 0.85rem 1.1rem; min-width: 8.5rem; }
.stop.here { background: var(--wash); border-color: var(--accent); }
.leg { flex: 1; min-width: 8rem; display: flex; flex-direction: column; justify-content: center; text-align: center; position: relative; font-size: 0.9rem; line-height: 1.25; color: var(--accent); }
.leg b { padding-bottom: 0.45rem; }
.leg span { padding-top: 0.45rem; }
.leg::before { content: ""; position: absolute; left: 0; right: 0; top: 50%; border-top: 3px solid currentColor; }
.leg.plain { color: var(--soft); }
.leg.plain::before { border-top: 2px dashed currentColor; }
.grid { display: grid; gap: 1rem; grid-template-columns: repeat(6, minmax(0, 1fr)); }
.card { grid-column: span 2; display: flex; flex-direction: column; gap: 0.9rem; }
.card:nth-child(4), .card:nth-child(5) { grid-column: span 3; }
.card:nth-child(6) { grid-column: 1 / -1; }
.card > header { display: flex; justify-content: space-between; align-items: center; gap: 1rem; }
.note { font-size: 0.85rem; margin-top: auto; }
.time + .note { margin-top: 0; }
dl { margin: 0; display: grid; gap: 0.55rem; }
dl div { display: grid; gap: 0.05rem; }
dt { color: var(--soft); font-size: 0.8rem; }
dd { margin: 0; font-family: var(--mono); font-size: 0.9rem; overflow-wrap: anywhere; }
.light { display: inline-flex; align-items: center; gap: 0.45rem; font-size: 0.85rem; color: var(--warn); }
.light::before { content: ""; width: 0.6rem; height: 0.6rem; border-radius: 50%; background: currentColor; }
.light[data-state="live"] { color: var(--good); }
.light[data-state="lost"] { color: var(--bad); }
.time { margin-block: auto; font-family: var(--mono); font-size: clamp(2.5rem, 9vw, 3.75rem); line-height: 1.1; letter-spacing: -0.03em; font-variant-numeric: tabular-nums; }
form { display: flex; gap: 0.5rem; }
input, button { font: inherit; border-radius: 0.6rem; padding: 0.5rem 0.8rem; min-height: 2.75rem; }
input { flex: 1; min-width: 0; color: inherit; background: var(--ground); border: 1px solid var(--soft); }
input::placeholder { color: var(--soft); opacity: 1; }
button { border: 0; background: var(--accent); color: var(--card); font-weight: 600; padding-inline: 1.1rem; cursor: pointer; }
button:hover { filter: brightness(1.08); }
.log { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.3rem; align-content: start; min-height: 5.4rem; font-size: 0.9rem; }
.log li { display: flex; justify-content: space-between; gap: 1rem; }
.log span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.log span:last-child { flex: none; color: var(--soft); font-variant-numeric: tabular-nums; }
.checks { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.55rem; }
.checks li { display: flex; align-items: baseline; justify-content: space-between; gap: 1rem; }
.checks span { color: var(--bad); font-size: 0.85rem; }
.checks .yes { color: var(--good); }
.line { border-bottom: 1px solid var(--line); padding-bottom: 0.8rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
th, td { text-align: left; vertical-align: top; padding: 0.28rem 0; font-family: var(--mono); font-size: 0.82rem; font-weight: 400; overflow-wrap: anywhere; }
th { width: 15rem; padding-right: 1.5rem; color: var(--soft); }
tr.added th, tr.added td { color: var(--accent); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-reduced-motion: no-preference) {
	.light.beat::before { animation: beat 0.7s ease-out; }
	@keyframes beat { from { box-shadow: 0 0 0 0 currentColor; } to { box-shadow: 0 0 0 0.45rem transparent; } }
}
@media (max-width: 58rem) {
	.card, .card:nth-child(4), .card:nth-child(5) { grid-column: span 3; }
	.card:nth-child(3), .card:nth-child(6) { grid-column: 1 / -1; }
}
@media (max-width: 44rem) {
	.grid { grid-template-columns: minmax(0, 1fr); }
	.card:nth-child(n) { grid-column: auto; }
	.path { flex-direction: column; margin: 1.75rem 0; }
	.leg { min-height: 3.1rem; margin-left: 1.6rem; padding-left: 1rem; text-align: left; }
	.leg b, .leg span { padding: 0; }
	.leg::before, .leg.plain::before { left: 0; right: auto; top: 0; bottom: 0; border-top: 0; border-left: 3px solid currentColor; }
	.leg.plain::before { border-left: 2px dashed currentColor; }
	table, tbody, tr, th, td { display: block; width: auto; }
	th { padding: 0.45rem 0 0; }
	td { padding-top: 0; }
}
`;
