import { defineAsyncComponent } from 'vue'
import DefaultTheme from 'vitepress/theme'
import './style.css'

export default {
  extends: DefaultTheme,
  enhanceApp: ({ app }) => {
    // Loaded by the page that shows it, and never by the build, which has no use for a socket.
    app.component(
      'LiveDemo',
      defineAsyncComponent(() => import('./LiveDemo.vue')),
    )
  },
}
