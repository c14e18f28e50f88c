import '@angular/compiler'
import {
  createPlatformFactory,
  type EnvironmentProviders,
  ErrorHandler,
  NgModule,
  platformCore,
  provideZonelessChangeDetection,
  ɵINJECTOR_SCOPE,
} from '@angular/core'
import { getTestBed, TestComponentRenderer } from '@angular/core/testing'

/** Angular's TestBed for what needs no DOM, fresh for each spec: providers, signals, effects, and the end of an injector. */
export const useTestBed = (changeDetection?: EnvironmentProviders): void => {
  beforeAll(() => {
    initTestBed(changeDetection)
  })
  afterEach(() => {
    getTestBed().resetTestingModule()
  })
}

const initTestBed = (changeDetection: EnvironmentProviders = provideZonelessChangeDetection()): void => {
  const Environment = class {}
  NgModule({
    // What BrowserModule has beside a DOM.
    providers: [
      ErrorHandler,
      TestComponentRenderer,
      { provide: ɵINJECTOR_SCOPE, useValue: 'root' },
      changeDetection,
    ],
  })(Environment)
  getTestBed().initTestEnvironment(Environment, createPlatformFactory(platformCore, 'bare')())
}
