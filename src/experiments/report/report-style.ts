/** The report's style: readable on a screen in both schemes, and on paper. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --text: light-dark(#141a21, #e7ecf2); --muted: light-dark(#4c5865, #a9b4c0);
  --line: light-dark(#d3dae2, #2a333e); --ground: light-dark(#ffffff, #0d1116); --bad: light-dark(#b3123f, #ff7d97);
  --good: light-dark(#00795a, #3fc79d); }
body { margin: 0 auto; max-width: 1200px; padding: 24px 20px 60px; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; }
h1 { margin: 0 0 4px; font-size: 24px; }
h2 { margin: 32px 0 8px; font-size: 17px; }
p { margin: 6px 0; max-width: 76ch; }
.small { color: var(--muted); font-size: 12.5px; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 13px; text-align: right; white-space: nowrap; }
th, td { padding: 4px 8px; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--muted); font-weight: 500; vertical-align: bottom; white-space: normal; }
th:first-child { text-align: left; font-weight: 500; }
figure { margin: 20px auto; max-width: 960px; break-inside: avoid; }
img { width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px; background: #ffffff; }
li { margin: 4px 0; }
.passed { color: var(--good); font-weight: 600; }
.failed { color: var(--bad); font-weight: 600; }
@media print { :root { color-scheme: light; } body { max-width: none; padding: 0; } table { font-size: 10px; } }
`;
