/** The styles of the element. A page may set the custom properties, and the attribute `theme` to `light` or `dark`. */
export const STYLES = `
:host {
  --rp-back: #ffffff; --rp-text: #1b1b1f; --rp-faint: #5c5c66; --rp-rule: #dcdce2; --rp-accent: #3949ab; --rp-panel: #f5f5f8;
  display: flex; flex-direction: column; min-height: 280px; height: 420px; overflow: hidden;
  font: 13px/1.4 system-ui, sans-serif; color: var(--rp-text); background: var(--rp-back); border: 1px solid var(--rp-rule);
}
@media (prefers-color-scheme: dark) {
  :host(:not([theme='light'])) {
    --rp-back: #17171c; --rp-text: #ececf1; --rp-faint: #a5a5b2; --rp-rule: #35353f; --rp-accent: #9fa8da; --rp-panel: #202028;
  }
}
:host([theme='dark']) {
  --rp-back: #17171c; --rp-text: #ececf1; --rp-faint: #a5a5b2; --rp-rule: #35353f; --rp-accent: #9fa8da; --rp-panel: #202028;
}
.bar { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; padding: 6px; background: var(--rp-panel); border-bottom: 1px solid var(--rp-rule); }
.bar input { width: 9em; }
.bar input[type='file'] { width: 14em; max-width: 60vw; }
button, input { font: inherit; color: inherit; background: var(--rp-back); border: 1px solid var(--rp-rule); border-radius: 4px; padding: 3px 8px; }
button[aria-pressed='true'] { border-color: var(--rp-accent); color: var(--rp-accent); }
button:disabled { color: var(--rp-faint); }
:focus-visible { outline: 2px solid var(--rp-accent); outline-offset: 1px; }
.body { display: flex; flex: 1; min-height: 0; }
.view { flex: 1; min-width: 0; min-height: 120px; overflow-y: auto; position: relative; display: grid; }
.lanes, canvas { grid-area: 1 / 1; }
canvas { position: sticky; top: 0; align-self: start; touch-action: pan-y; cursor: crosshair; }
.side { width: 260px; max-width: 45%; overflow: auto; padding: 8px; border-left: 1px solid var(--rp-rule); background: var(--rp-panel); }
.side h2 { font-size: 13px; margin: 0 0 4px; overflow-wrap: anywhere; }
.side textarea { box-sizing: border-box; width: 100%; height: 14em; font: 12px/1.4 ui-monospace, monospace; color: inherit; background: var(--rp-back); border: 1px solid var(--rp-rule); }
.side p { margin: 0 0 8px; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 8px; margin: 0 0 8px; }
dt { color: var(--rp-faint); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0 0 8px; padding: 6px; overflow: auto; background: var(--rp-back); border: 1px solid var(--rp-rule); white-space: pre-wrap; overflow-wrap: anywhere; }
.status { padding: 3px 8px; color: var(--rp-faint); border-top: 1px solid var(--rp-rule); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (max-width: 560px) { .body { flex-direction: column; } .side { width: auto; max-width: none; max-height: 45%; border-left: 0; border-top: 1px solid var(--rp-rule); } }
`
