export { defineInspector } from './define-inspector.ts'
export { inspector } from './inspector.ts'
export { type InspectorElement } from './inspector-element.ts'
