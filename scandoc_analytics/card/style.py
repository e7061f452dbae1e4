"""How a card looks: the notebook's own colours where it has them, else light or dark by itself."""

from __future__ import annotations

from typing import Final

__all__ = ["COLOURS", "STYLE"]

#: Colours for a selector: JupyterLab's own variables first, so that its theme decides.
COLOURS: Final = """
{0}{{--sd-text:var(--jp-content-font-color1,#1f2328);--sd-muted:var(--jp-content-font-color2,#59636e);
--sd-back:var(--jp-layout-color1,#fff);--sd-shade:var(--jp-layout-color2,#f3f4f6);
--sd-line:var(--jp-border-color2,#d1d9e0);--sd-good:#1a7f37;--sd-bad:#c4232b;--sd-wait:#8a5a00;
color:var(--sd-text);background:var(--sd-back);
font:var(--jp-content-font-size1,14px)/1.45 var(--jp-ui-font-family,system-ui,sans-serif)}}
@media (prefers-color-scheme:dark){{{0}{{--sd-text:var(--jp-content-font-color1,#e6edf3);
--sd-muted:var(--jp-content-font-color2,#9aa4ae);--sd-back:var(--jp-layout-color1,#111418);
--sd-shade:var(--jp-layout-color2,#1c2128);--sd-line:var(--jp-border-color2,#3d444d);
--sd-good:#4cc26a;--sd-bad:#ff7b72;--sd-wait:#e0a83c}}}}
[data-jp-theme-light=true] {0}{{--sd-good:#1a7f37;--sd-bad:#c4232b;--sd-wait:#8a5a00}}
[data-jp-theme-light=false] {0}{{--sd-good:#4cc26a;--sd-bad:#ff7b72;--sd-wait:#e0a83c}}
@media print{{{0},[data-jp-theme-light] {0}{{--sd-text:#000;--sd-muted:#444;--sd-back:#fff;
--sd-shade:#fff;--sd-line:#bbb;--sd-good:#1a7f37;--sd-bad:#c4232b;--sd-wait:#8a5a00}}}}
"""

# What is important is so in Jupyter's own style for tables and code of outputs, which is strong.
_SHAPE: Final = """
.scandoc-card{border:1px solid var(--sd-line);border-radius:6px;padding:10px 14px;max-width:60em;
margin:2px 0;box-sizing:border-box;overflow-wrap:anywhere;break-inside:avoid;
container-type:inline-size}
.scandoc-card header{display:flex;flex-wrap:wrap;gap:2px 12px;align-items:baseline}
.scandoc-card strong{font-size:1.1em}
.scandoc-card code{font:0.92em var(--jp-code-font-family,ui-monospace,monospace);
color:inherit;background:none!important;padding:0!important}
.scandoc-card .status{font-weight:600;white-space:nowrap}
.scandoc-card .completed{color:var(--sd-good)}.scandoc-card :is(.failed,.error){color:var(--sd-bad)}
.scandoc-card :is(.pending,.processing,.unknown){color:var(--sd-wait)}
.scandoc-card dl{display:grid;grid-template-columns:minmax(5em,max-content) 1fr;gap:1px 14px;
margin:6px 0}
.scandoc-card dl :is(dt,dd){float:none;display:block;width:auto;margin:0;padding:0}
.scandoc-card dl dt{color:var(--sd-muted);font-weight:400}
.scandoc-card dl dd{unicode-bidi:plaintext;text-align:left}
.scandoc-card h4{font-size:1em;font-weight:600;margin:10px 0 2px;color:inherit}
.scandoc-card p{margin:2px 0}
.scandoc-card :is(.error,td,li){unicode-bidi:plaintext}
.scandoc-card pre{background:var(--sd-shade);color:inherit;padding:6px 8px;margin:4px 0;
border-radius:4px;white-space:pre-wrap;
font:0.88em/1.4 var(--jp-code-font-family,ui-monospace,monospace)}
.scandoc-card .wide{overflow-x:auto}
.scandoc-card table{table-layout:auto;border-collapse:collapse;width:100%;margin:0;
font-size:inherit;border:0}
.scandoc-card :is(th,td){text-align:left!important;padding:2px 12px 2px 0;border:0;
border-bottom:1px solid var(--sd-line);vertical-align:baseline;
background:none;max-width:none;overflow-wrap:normal;white-space:nowrap}
.scandoc-card td:first-child{min-width:9em;overflow-wrap:anywhere;white-space:normal}
@container (max-width:40em){.scandoc-card thead{display:none}
.scandoc-card tr{display:flex;flex-wrap:wrap;padding:3px 0;border-bottom:1px solid var(--sd-line)}
.scandoc-card td{border:0;padding:0 12px 0 0}.scandoc-card td:first-child{width:100%}}
.scandoc-card th{color:var(--sd-muted);font-weight:400}
@media print{.scandoc-card .wide{overflow:visible}
.scandoc-card td:first-child{min-width:0}
.scandoc-card td code{white-space:normal;overflow-wrap:anywhere}}
.scandoc-card .number{text-align:right!important;font-variant-numeric:tabular-nums}
.scandoc-card ul{margin:0;padding:0;list-style:none}
.scandoc-card :is(.more,.source){color:var(--sd-muted);font-size:0.92em}
.scandoc-card .source{margin-top:8px}
"""

STYLE: Final = (COLOURS.format(".scandoc-card") + _SHAPE).replace("\n", "")
