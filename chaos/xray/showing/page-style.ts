/** The style of the page, light and dark. Every colour also has a word. */
export const pageStyle = `
:root { color-scheme: light dark; --back: #fff; --text: #16181d; --muted: #5c626c; --line: #d9dce1;
  --red: #fbd5d3; --red-text: #8c1512; --orange: #ffe2b8; --orange-text: #7a4300; --yellow: #fbf3b0; --yellow-text: #5c4a00; --pale: #e6f4e4; --pale-text: #24552a;
  --green: #c7e8c7; --green-text: #14481b; --grey: #eceef1; --grey-text: #5c626c;
  --panel: #fff; --edge: #dedbd4; --ink: #1d2126; --ink-2: #565d66; --ok: #1f77c9; --accent: #1f5fae; --unknown: #a15c00;
  --fail: #c2185b; --fault: #b04a00; --good: #1c7a4a; }
@media (prefers-color-scheme: dark) { :root { --back: #14161a; --text: #e8eaee; --muted: #a2a8b3; --line: #343941;
  --red: #5a1512; --red-text: #ffd2cf; --orange: #5a3600; --orange-text: #ffe0b5; --yellow: #45400f; --yellow-text: #f6eeb0; --pale: #1e3420; --pale-text: #c9e6c9;
  --green: #16431d; --green-text: #cdf0cf; --grey: #262a31; --grey-text: #a2a8b3;
  --panel: #1c2026; --edge: #323943; --ink: #eceef1; --ink-2: #b3bac3; --ok: #6db6fe; --accent: #7db6f5; --unknown: #ffb84d;
  --fail: #ff6fa8; --fault: #ffb066; --good: #63d297; } }
body { margin: 0; padding: 1.5rem; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header { max-width: 70rem; } h1 { margin: 0 0 .5rem; font-size: 1.4rem; } p { margin: .3rem 0; }
.muted { color: var(--muted); } .scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: separate; border-spacing: 3px 2px; font-size: 13px; }
th { text-align: left; font-weight: 600; padding: 2px 6px; white-space: nowrap; }
thead th { font-weight: 500; color: var(--muted); white-space: normal; width: 5.5rem; vertical-align: bottom; }
tbody th { font-family: ui-monospace, monospace; font-weight: 500; }
td button { width: 5.5rem; padding: 1px 2px; border: 1px solid transparent; border-radius: 4px; font: inherit; cursor: pointer; }
td button:focus-visible, td button[aria-pressed="true"] { outline: 2px solid var(--text); outline-offset: 1px; }
.red { background: var(--red); color: var(--red-text); border-color: currentcolor !important; font-weight: 700; }
.orange { background: var(--orange); color: var(--orange-text); border-color: currentcolor !important; font-weight: 700; }
.yellow { background: var(--yellow); color: var(--yellow-text); }
.pale-green { background: var(--pale); color: var(--pale-text); } .green { background: var(--green); color: var(--green-text); }
.grey { background: repeating-linear-gradient(45deg, var(--grey), var(--grey) 6px, transparent 6px, transparent 10px); color: var(--grey-text); }
.chip { display: inline-block; min-width: 5rem; padding: 0 6px; border-radius: 4px; text-align: center; }
.legend { list-style: none; padding: 0; columns: 20rem; } .legend li { margin: 3px 0; break-inside: avoid; }
section { border-top: 1px solid var(--line); margin-top: 1rem; padding-top: 1rem; } section h2 { margin: 0 0 .5rem; font-size: 1.1rem; }
pre { background: var(--grey); padding: .5rem .75rem; border-radius: 4px; overflow-x: auto; } .diagram { overflow: auto; max-height: 85vh; margin: .75rem 0; border: 1px solid var(--line); border-radius: 8px; } .diagram svg { display: block; }
.diagram:focus-visible { outline: 2px solid var(--text); } summary { cursor: pointer; }
@media (max-width: 40rem) { body { padding: 1rem; } tbody th { position: sticky; left: 0; background: var(--back); white-space: normal; min-width: 8rem; overflow-wrap: break-word; } }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 1rem; } dt { color: var(--muted); } dd { margin: 0; }
`
