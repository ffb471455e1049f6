/// The page's style: readable on a telephone, on paper, and in the dark. Nothing is loaded.
let style = """
  :root { color-scheme: light dark;
    --ink: #1b2430; --soft: #55606e; --paper: #ffffff; --panel: #f5f7fa; --rule: #d5dbe3; --track: #dfe5ec;
    --float: #6b7684; --int8: #0b62c4; --good: #126b3a; --good-panel: #e6f5ec; --bad: #b3211b; --bad-panel: #fdecea;
    --mark: #ffe9a8; --p0: #cfe2fa; --p1: #d8efdf; --p2: #fae6c8; --p3: #ead9f5; --p4: #f9d9d9; --p5: #d5eef0; }
  @media (prefers-color-scheme: dark) { :root {
    --ink: #e6eaf0; --soft: #a3adba; --paper: #12161c; --panel: #1b212a; --rule: #343d4a; --track: #333d4a;
    --float: #98a4b3; --int8: #62a8ff; --good: #6cd497; --good-panel: #14301f; --bad: #ff8d84; --bad-panel: #3d1a18;
    --mark: #5d4a10; --p0: #20406a; --p1: #1f4a30; --p2: #5a4217; --p3: #46305a; --p4: #5a2b2b; --p5: #1d4a4e; } }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.5;
    font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", Arial, sans-serif; }
  main, header, footer { max-width: 1160px; margin: 0 auto; padding: 0 16px; }
  header { padding-top: 28px; }
  footer { padding-bottom: 40px; color: var(--soft); font-size: 14px; }
  h1 { font-size: 28px; line-height: 1.2; margin: 0 0 6px; }
  h2 { font-size: 22px; margin: 40px 0 8px; padding-top: 16px; border-top: 1px solid var(--rule); }
  h3 { font-size: 18px; margin: 0 0 6px; }
  h1, h2, h3, p, li, dd, caption { overflow-wrap: anywhere; }
  p { margin: 0 0 12px; max-width: 75ch; }
  .lead { color: var(--soft); }
  .verdict { border: 1px solid var(--good); border-left-width: 6px; background: var(--good-panel); border-radius: 6px;
    padding: 14px 16px; margin: 20px 0; }
  .verdict.failed { border-color: var(--bad); background: var(--bad-panel); }
  .verdict strong { font-size: 20px; color: var(--good); }
  .verdict.failed strong { color: var(--bad); }
  .verdict p { margin: 4px 0; max-width: none; }
  .verdict ul { margin: 6px 0; padding-left: 20px; }
  .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 10px; margin: 16px 0; }
  .figures div { background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; padding: 10px 12px; }
  .figures dt { color: var(--soft); font-size: 14px; }
  .figures dd { margin: 0; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
  .figures dd small { display: block; font-size: 13px; font-weight: 400; color: var(--soft); }
  dl { margin: 0; }
  .grid { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; align-items: start;
    margin-bottom: 16px; }
  @media (max-width: 860px) { .grid { grid-template-columns: minmax(0, 1fr); } }
  section { background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; padding: 14px 16px;
    margin: 0 0 16px; min-width: 0; }
  .grid section { margin: 0; height: 100%; }
  section p { font-size: 15px; color: var(--soft); }
  svg { display: block; width: 100%; height: auto; max-width: 480px; margin: 8px auto; }
  svg text { font-size: 12px; fill: var(--ink); }
  svg .small { font-size: 11px; }
  svg .part-name { font-size: 10.5px; }
  svg .bad-text { fill: var(--bad); font-weight: 700; }
  svg .grid { stroke: var(--rule); stroke-width: 1; }
  svg .axis { stroke: var(--soft); stroke-width: 1; }
  svg .mark { stroke: var(--ink); stroke-width: 1.2; stroke-dasharray: 4 3; }
  svg .bad-line { stroke: var(--bad); stroke-width: 1.2; stroke-dasharray: 2 3; }
  svg .track { fill: var(--track); }
  svg .int8 { fill: var(--int8); } svg .float { fill: var(--float); } svg .bad { fill: var(--bad); }
  svg .int8-line { stroke: var(--int8); stroke-width: 2; fill: none; }
  svg .float-line { stroke: var(--float); stroke-width: 2; fill: none; }
  svg .part { stroke: var(--rule); stroke-width: 0.6; }
  svg .part0 { fill: var(--p0); } svg .part1 { fill: var(--p1); } svg .part2 { fill: var(--p2); }
  svg .part3 { fill: var(--p3); } svg .part4 { fill: var(--p4); } svg .part5 { fill: var(--p5); }
  .scroll { overflow-x: auto; margin: 10px 0; }
  .scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--int8); outline-offset: 2px; }
  table { border-collapse: collapse; width: 100%; font-size: 14px; }
  caption { text-align: left; color: var(--soft); padding-bottom: 4px; }
  th, td { padding: 4px 10px; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
  thead th { border-bottom: 2px solid var(--rule); white-space: nowrap; }
  tbody th { font-weight: 400; min-width: 11em; }
  .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
  td.text { min-width: 9em; }
  tr.marked th, tr.marked td { color: var(--bad); font-weight: 600; background: var(--bad-panel); }
  details { margin: 8px 0 0; }
  summary { cursor: pointer; color: var(--int8); }
  .lines { padding-left: 24px; margin: 8px 0; columns: 2 340px; column-gap: 36px; }
  .lines li { margin-bottom: 14px; break-inside: avoid; }
  .place { margin: 0 0 2px; font-weight: 600; color: var(--ink); }
  .lines dl { display: grid; grid-template-columns: 4.2em minmax(0, 1fr); gap: 1px 8px; }
  .lines dt { color: var(--soft); } .lines dd { margin: 0; }
  mark { background: var(--mark); color: inherit; padding: 0 2px; border-radius: 2px; }
  @media (max-width: 480px) { main, header, footer { padding-left: 10px; padding-right: 10px; }
    section, .verdict { padding-left: 11px; padding-right: 11px; } h1 { font-size: 24px; } }
  @media print {
    :root { --ink: #000; --soft: #333; --paper: #fff; --panel: #fff; --rule: #999; --track: #ddd; --float: #777;
      --int8: #0b4fa0; --good: #0b5a2e; --bad: #a01010; --good-panel: #fff; --bad-panel: #fff; --mark: #ffe9a8;
      --p0: #cfe2fa; --p1: #d8efdf; --p2: #fae6c8; --p3: #ead9f5; --p4: #f9d9d9; --p5: #d5eef0; }
    body { font-size: 11pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
    .scroll { overflow: visible; } .grid { display: block; } .grid section { margin-bottom: 12pt; }
    section { break-inside: auto; } h2, h3, section > p { break-after: avoid; } svg, tr, .verdict, .figures div, .lines li { break-inside: avoid; }
    svg { max-width: 420px; }
    details::details-content { content-visibility: visible; block-size: auto; }
    table { font-size: 9pt; } th, td { padding: 2pt 4pt; } }
  """
