/** The style sheet of a report, with the colours of the dashboard. */
export const reportStyle = `
:root{color-scheme:light dark;--ground:#f6f5f2;--panel:#fff;--edge:#dedbd4;--ink:#1d2126;--ink-2:#565d66;--ok:#1f77c9;--unknown:#a15c00;--fail:#c2185b;--fault:#b04a00;--band:rgb(245 159 0/17%);--good:#1c7a4a;--accent:#1f5fae}
@media (prefers-color-scheme:dark){:root{--ground:#14171b;--panel:#1c2026;--edge:#323943;--ink:#eceef1;--ink-2:#b3bac3;--ok:#6db6fe;--unknown:#ffb84d;--fail:#ff6fa8;--fault:#ffb066;--band:rgb(255 164 0/18%);--good:#63d297;--accent:#7db6f5}}
*{box-sizing:border-box}body{margin:0 auto;max-width:70rem;padding:1.5rem;font:15px/1.5 system-ui,sans-serif;background:var(--ground);color:var(--ink)}
h1{font-size:1.5rem;margin:0 0 .2rem}h2{font-size:1.1rem;margin:0 0 .5rem}h3{font-size:.95rem;margin:.9rem 0 .3rem}p{margin:0}section{background:var(--panel);border:1px solid var(--edge);border-radius:10px;padding:1rem 1.2rem;margin-top:1rem}
.muted{color:var(--ink-2)}.small{font-size:.88rem}code,pre,.mono{font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:.85rem}
.verdict{border-width:2px}.verdict b{font-size:1.3rem;letter-spacing:.02em}.verdict.held{border-color:var(--good)}.verdict.held b{color:var(--good)}.verdict.violated{border-color:var(--fail)}.verdict.violated b{color:var(--fail)}.verdict.inconclusive{border-color:var(--unknown)}.verdict.inconclusive b{color:var(--unknown)}
table{border-collapse:collapse;width:100%;font-size:.9rem}th{text-align:left;color:var(--ink-2)}th,td{padding:.25rem .8rem .25rem 0;border-bottom:1px solid var(--edge);vertical-align:top}td.held{color:var(--good)}td.violated{color:var(--fail);font-weight:600}td.inconclusive{color:var(--unknown)}
.time{white-space:nowrap;color:var(--ink-2);text-align:right;font-variant-numeric:tabular-nums}.story tr.fault td{color:var(--fault)}
svg:not(.plot *):not(.key *):not(.flow-diagram){display:block;width:100%;height:auto}.tick{font:12px system-ui;fill:var(--ink-2)}.grid{stroke:var(--edge)}.band{fill:var(--band)}.edge{stroke:var(--fault)}.band-label{font:600 11px system-ui;fill:var(--fault)}
.line{fill:none;stroke-width:2}.line.ok{stroke:var(--ok)}.line.unknown{stroke:var(--unknown);stroke-dasharray:6 4}.line.fail{stroke:var(--fail);stroke-dasharray:2 3}
.mark.ok{fill:var(--ok);opacity:.55}.mark.unknown{fill:var(--unknown)}.mark.fail{fill:var(--fail)}
.plot{display:flex}.plot .scale{flex:none}.plot .area{flex:1;min-width:0;overflow:visible}.plot svg{display:block}
.stroke{width:1.4rem;height:0;border-top:2px solid}.stroke.ok{border-color:var(--ok)}.stroke.unknown{border-color:var(--unknown);border-top-style:dashed}.stroke.fail{border-color:var(--fail);border-top-style:dotted}.shade{width:1.1rem;height:.8rem;background:var(--band);border-left:1px solid var(--fault)}
.bands{margin:.4rem 0 0;padding-left:1.6rem;columns:22rem 2;color:var(--fault)}.bands li{break-inside:avoid}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .9rem;margin:.3rem 0 0}dt{color:var(--ink-2)}dd{margin:0}.right{color:var(--good)}.wrong{color:var(--fail)}.words{white-space:pre-wrap;border-left:3px solid var(--edge);padding-left:.7rem}
.diff{max-height:none;line-height:1.4}.diff .add{color:var(--good)}.diff .del{color:var(--fail)}.diff .at{color:var(--ink-2)}
td,dd,p,li,h1,h2{overflow-wrap:break-word}.checks td:first-child,th,td>b{white-space:nowrap}.checks td{overflow-wrap:anywhere}.checks td:first-child{min-width:4.5rem}@media (max-width:40rem){body{padding:.6rem}section{padding:.7rem .8rem}.plot,.bands{font-size:.85rem}td,th{padding-right:.5rem}.checks td:first-child{font-size:.8rem}.diff{white-space:pre-wrap}}
@media print{body{max-width:none}section{break-inside:avoid}}
.key{display:inline-flex;vertical-align:middle;gap:.35rem;align-items:center;margin-right:1rem}.key svg{width:14px;height:14px}
.flow svg.flow-diagram.flow-diagram{width:auto;max-width:none}.flow{overflow:auto;max-height:85vh;border:1px solid var(--edge);border-radius:8px}.flows{display:grid;gap:1rem}.flows>div{min-width:0}
pre{overflow:auto;margin:0;max-height:24rem}details summary{cursor:pointer}
`
