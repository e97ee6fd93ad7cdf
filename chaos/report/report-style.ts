/** The style sheet of a report, with the colours of the dashboard. */
export const reportStyle = `
:root{color-scheme:light dark;--ground:#f6f5f2;--panel:#fff;--edge:#dedbd4;--ink:#1d2126;--ink-2:#565d66;--ok:#1f77c9;--unknown:#a15c00;--fail:#c2185b;--fault:#b04a00;--band:rgb(245 159 0/17%);--good:#1c7a4a;--accent:#1f5fae}
@media (prefers-color-scheme:dark){:root{--ground:#14171b;--panel:#1c2026;--edge:#323943;--ink:#eceef1;--ink-2:#b3bac3;--ok:#6db6fe;--unknown:#ffb84d;--fail:#ff6fa8;--fault:#ffb066;--band:rgb(255 164 0/18%);--good:#63d297;--accent:#7db6f5}}
*{box-sizing:border-box}body{margin:0 auto;max-width:70rem;padding:1.5rem;font:15px/1.5 system-ui,sans-serif;background:var(--ground);color:var(--ink)}
h1{font-size:1.5rem;margin:0 0 .2rem}h2{font-size:1.1rem;margin:0 0 .5rem}p{margin:0}section{background:var(--panel);border:1px solid var(--edge);border-radius:10px;padding:1rem 1.2rem;margin-top:1rem}
.muted{color:var(--ink-2)}.small{font-size:.88rem}code,pre,.mono{font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:.85rem}
.verdict{border-width:2px}.verdict b{font-size:1.3rem;letter-spacing:.02em}.verdict.held{border-color:var(--good)}.verdict.held b{color:var(--good)}.verdict.violated{border-color:var(--fail)}.verdict.violated b{color:var(--fail)}.verdict.inconclusive{border-color:var(--unknown)}.verdict.inconclusive b{color:var(--unknown)}
table{border-collapse:collapse;width:100%;font-size:.9rem}th{text-align:left;color:var(--ink-2)}th,td{padding:.25rem .8rem .25rem 0;border-bottom:1px solid var(--edge);vertical-align:top}td.held{color:var(--good)}td.violated{color:var(--fail);font-weight:600}td.inconclusive{color:var(--unknown)}
.story td:first-child{white-space:nowrap;color:var(--ink-2)}.story tr.fault td{color:var(--fault)}
svg{display:block;width:100%;height:auto}.tick{font:12px system-ui;fill:var(--ink-2)}.grid{stroke:var(--edge)}.band{fill:var(--band)}.edge{stroke:var(--fault)}.band-label{font:600 11px system-ui;fill:var(--fault)}
.line{fill:none;stroke-width:2}.line.ok{stroke:var(--ok)}.line.unknown{stroke:var(--unknown);stroke-dasharray:6 4}.line.fail{stroke:var(--fail);stroke-dasharray:2 3}
.mark.ok{fill:var(--ok);opacity:.55}.mark.unknown{fill:var(--unknown)}.mark.fail{fill:var(--fail)}
.key{display:inline-flex;gap:.35rem;align-items:center;margin-right:1rem}.key svg{width:14px;height:14px}
svg.flow-diagram{width:auto;max-width:none}.flow{overflow:auto;max-height:85vh;border:1px solid var(--edge);border-radius:8px}.flows{display:grid;gap:1rem}.flows>div{min-width:0}
pre{overflow:auto;margin:0;max-height:24rem}details summary{cursor:pointer}
`
