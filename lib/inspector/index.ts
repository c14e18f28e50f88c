export { defineInspector, INSPECTOR_TAG, type InspectorElement } from './inspector-element.ts'
