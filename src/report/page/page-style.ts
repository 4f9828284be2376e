/** Styles of a page: light, dark, print, narrow. Without them the page is plain HTML with drawn charts. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1d1d1f;--weak:#5f6368;--rule:#e3e5e8;--soft:#f6f7f9;--good:#00643f;--bad:#a3261c;--alarm:#b3261e;--accent:#0b57a4}
@media(prefers-color-scheme:dark){:root{--paper:#15171a;--ink:#ececee;--weak:#a3a8ae;--rule:#34383d;--soft:#1f2226;--good:#6dd3a0;--bad:#ff9e90;--alarm:#ff8a7a;--accent:#8ab8f0}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 -apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,system-ui,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main,header,footer{max-width:1240px;margin:0 auto;padding:0 20px}
a{color:var(--accent)}
header{padding-top:12px}
.top{display:flex;flex-wrap:wrap;align-items:baseline;justify-content:space-between;gap:0 24px}
.kicker{margin:0;color:var(--weak);font-size:12.5px}
h1{margin:0;font-size:13px;font-weight:600;letter-spacing:.01em;color:var(--weak)}
.finding{margin:4px 0 0;font-size:21px;line-height:1.25;font-weight:650;letter-spacing:-.012em;text-wrap:pretty;max-width:64em}
.more-findings{margin:3px 0 0;padding:0;list-style:none;font-size:13.5px;line-height:1.35}
.more-findings li{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}
.validity{margin:4px 0 0;font-size:13px;font-weight:600}
.validity.good{color:var(--good)}.validity.bad{color:var(--bad)}
.scope,.notes{margin:1px 0 0;font-size:13px;color:var(--weak)}
h2{margin:44px 0 12px;font-size:19px;line-height:1.3;letter-spacing:-.01em}
h3{margin:34px 0 8px;font-size:16px;line-height:1.35}
.first{margin-top:6px}
.first>.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,520px),1fr));gap:4px 28px;align-items:start;margin-top:6px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,520px),1fr));gap:18px 28px;align-items:start;margin-top:16px}
.repeat{margin:5px 0 0;padding:4px 0;border-top:1px solid var(--rule);font-size:13px;color:var(--weak);display:flex;flex-wrap:wrap;gap:2px 22px}
code{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;color:var(--ink)}
nav{margin-top:26px;padding:10px 0;border-top:1px solid var(--rule);border-bottom:1px solid var(--rule);font-size:13px}
nav ul{margin:0;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:2px 20px}
.scroll{overflow-x:auto;max-width:100%}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;font-size:13.5px;line-height:1.35;min-width:min(100%,560px)}
th,td{padding:5px 16px 5px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule);overflow-wrap:normal;max-width:34em}
thead th{color:var(--weak);font-weight:500;font-size:12.5px;vertical-align:bottom;max-width:13em}
tbody th{font-weight:600;overflow-wrap:anywhere;min-width:7em}
td{overflow-wrap:anywhere;min-width:4.5em}
td,thead th+th{text-align:right}td.l,thead th.l,.data td,.data thead th{text-align:left}
td br{display:none}td small{display:block;color:var(--weak);font-size:12px}
td .mark{color:var(--weak);margin-left:2px}
td.l{min-width:6.5em}.data td{min-width:0}
td.g{color:var(--good)}td.b{color:var(--bad)}td.w{color:var(--weak)}
td.g small,td.b small{color:inherit}
.first table{font-size:13px;line-height:1.3}
.first th,.first td{padding:3px 14px 3px 0}
.first td small{font-size:11.5px;white-space:nowrap}
.first tbody td:not(.l),.first tbody th{white-space:nowrap}.first thead th{max-width:11em;font-size:12px}.first thead th+th:not(.l){max-width:6.2em}.first td{min-width:0}
table.data{font-size:12.5px}
.data tbody th{padding-top:10px}
code.graph{white-space:pre}
.spark{display:block;height:28px;font:12.5px/1 ui-monospace,monospace}
figure{margin:0;min-width:0}
figcaption{font-size:14px;margin-bottom:2px}
.over{font-size:13px;font-weight:600;margin:8px 0 0}
.drawing svg{display:block;width:100%;height:auto;min-width:500px;max-width:680px}
.about{margin:2px 0 0;font-size:12.5px;line-height:1.4;color:var(--weak);max-width:56em}
.first .about{font-size:11.5px;line-height:1.3;margin:0}
.first figure details{margin:0}.first figure summary{font-size:12px}
details{margin-top:6px}
summary{cursor:pointer;color:var(--accent);font-size:13px;width:fit-content}
details.block>summary{font-size:16px;font-weight:600;color:var(--ink);margin-top:14px}
.block .scroll,figure .scroll{margin-top:4px}
ul.plain{margin:6px 0;padding-left:1.1em;font-size:14px;max-width:62em}
.warnings{padding:0;list-style:none;font-size:14px;max-width:62em}
.warnings li{padding:8px 0 8px 14px;border-left:3px solid var(--alarm);margin:8px 0}
.warnings p{margin:0}
.hint{color:var(--weak)}
dl{font-size:13.5px;display:grid;grid-template-columns:minmax(9em,15em) 1fr;gap:2px 18px;max-width:70em}
dt{color:var(--weak)}dd{margin:0}
footer{padding:34px 20px 60px;color:var(--weak);font-size:13px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999px;top:4px;background:var(--paper);padding:6px 10px}
.skip:focus{left:8px}
.toggles{display:flex;flex-wrap:wrap;gap:6px;margin:2px 0}
.toggles button{font:inherit;font-size:12.5px;line-height:1.3;color:var(--ink);background:var(--soft);border:1px solid var(--rule);border-radius:12px;padding:2px 10px;cursor:pointer}
.toggles button[aria-pressed=false]{text-decoration:line-through;color:var(--weak)}
[data-series].off{display:none}
svg text{fill:var(--weak)}svg .ink{fill:var(--ink)}svg .on-fill{fill:#1d1d1f}
svg .rule{stroke:var(--rule)}svg .hollow{fill:var(--paper)}svg .calm{fill:var(--soft);stroke:var(--rule)}svg .ink-line{stroke:var(--ink)}
svg .alarm{stroke:var(--alarm)}svg .alarm-fill{fill:var(--alarm)}
svg .cursor{stroke:var(--ink);stroke-width:1;pointer-events:none}
@media(prefers-color-scheme:dark){
svg .c0{--c:#63b3ed}svg .c1{--c:#ff9f5a}svg .c2{--c:#3fd0a4}svg .c3{--c:#e48fd0}svg .c4{--c:#c4c8cc}svg .c5{--c:#e9bd4d}svg .c6{--c:#8fd0f5}
svg [class^=c]:not(.cursor){stroke:var(--c)}svg .solid{fill:var(--c)}svg .band[class]{fill:var(--c);stroke:none}svg .solid.bars{stroke:none}.spark path.solid[d]{stroke:none}svg .key{fill:var(--weak)}}
@media(max-width:560px){body{font-size:15px}.finding{font-size:19px}main,header,footer{padding-left:14px;padding-right:14px}dl{grid-template-columns:1fr}dd{margin-bottom:6px}}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--weak:#444;--rule:#ccc;--soft:#fff;--good:#00643f;--bad:#a3261c;--alarm:#b3261e;--accent:#000}
@page{size:A4 landscape;margin:12mm}body{font-size:11px}nav,.skip,.toggles,figure details{display:none}.scroll{overflow:visible}table,.first table{font-size:9px}td.l{min-width:0}th,td,.first th,.first td{padding-right:7px}td small,.first td small{white-space:normal}.first>.pair,.pair{grid-template-columns:1fr 1fr}.drawing svg{min-width:0}figure,tr{break-inside:avoid}h2,h3{break-after:avoid}a{text-decoration:none}}
`;
