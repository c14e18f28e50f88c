import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import jest from 'eslint-plugin-jest'
import rxjsX from 'eslint-plugin-rxjs-x'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

export default defineConfig(
  globalIgnores([
    'dist/',
    'temp/',
    'coverage/',
    'docs/',
    '**/*.config.*',
    '.*.cjs',
    '.*.js',
    'examples/angular-ngrx/',
    // Has packages of its own, installed by `npm run docs`.
    'site/.vitepress/',
  ]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  rxjsX.configs.recommended,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // How an object is copied without some of its properties.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'rxjs-x/no-exposed-subjects': 'error',
      '@typescript-eslint/consistent-generic-constructors': 'off',
      // The streams of this library error with typed unions, which is what their handlers are annotated with.
      'rxjs-x/no-implicit-any-catch': 'off',
    },
  },
  { files: ['spec/**', 'marble-tests/**'], ...jest.configs['flat/recommended'] },
  { files: ['marble-tests/**'], rules: { 'jest/expect-expect': 'off', 'jest/no-standalone-expect': 'off' } },
  // Angular's factories give its abstract classes, which the rule takes for something else.
  {
    files: ['spec/angular/**', 'spec/ngrx/**'],
    rules: {
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  prettier,
)
