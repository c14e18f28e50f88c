import { defineConfig } from 'vitest/config'

// Only in this repository: takes rx-phoenix from its sources.
const conditions = ['rx-phoenix-source']

export default defineConfig({
  root: import.meta.dirname,
  test: { include: ['**/*.vitest.ts'] },
  resolve: { conditions },
  ssr: { resolve: { conditions } },
})
