/** The styles of the page around the inspector. */
export const STYLES = `
:root { color-scheme: light dark; --back: #ffffff; --text: #1b1b1f; --faint: #5c5c66; --rule: #c9c9d2; --panel: #f5f5f8; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --back: #17171c; --text: #ececf1; --faint: #a5a5b2; --rule: #4a4a57; --panel: #202028; --bad: #ff8a80; }
}
body { margin: 0; font: 14px/1.4 system-ui, sans-serif; color: var(--text); background: var(--back); }
main { display: flex; flex-direction: column; min-height: 100vh; box-sizing: border-box; padding: 8px; gap: 8px; }
h1 { font-size: 15px; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 14px; margin: 0 0 6px; }
h3 { font-size: 13px; margin: 8px 0 2px; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 8px; }
section { min-width: 0; padding: 8px; background: var(--panel); border: 1px solid var(--rule); border-radius: 4px; }
form { display: flex; flex-wrap: wrap; gap: 8px; align-items: end; }
label { display: flex; flex-direction: column; flex: 1 1 120px; gap: 2px; color: var(--faint); }
label.check { flex: 0 0 auto; flex-direction: row; align-items: center; padding-bottom: 5px; }
label:has(textarea) { flex-basis: 100%; }
input, select, textarea, button { font: inherit; color: var(--text); background: var(--back); border: 1px solid var(--rule); border-radius: 4px; padding: 3px 8px; }
textarea, pre { font: 12px/1.4 ui-monospace, monospace; }
pre { margin: 6px 0 0; max-height: 160px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.row { display: flex; gap: 8px; align-items: start; margin-bottom: 6px; }
details { flex: 1; min-width: 0; }
summary { overflow-wrap: anywhere; }
ol { margin: 6px 0 0; padding: 0; max-height: 120px; overflow: auto; list-style: none; }
ol button { width: 100%; text-align: left; border: 0; background: none; overflow: hidden; text-overflow: ellipsis; }
.problem { color: var(--bad); }
p { margin: 6px 0 0; color: var(--bad); }
:focus-visible { outline: 2px solid #5c6bc0; outline-offset: 1px; }
rx-phoenix-inspector { flex: 1; min-height: 420px; }
`
