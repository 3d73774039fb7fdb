// Starts the window: opens the line to the station, puts the parts together, paints.
import '@mantine/core/styles/default-css-variables.css'
import '@mantine/core/styles/global.css'
import '@mantine/core/styles/UnstyledButton.css'
import '@mantine/core/styles/Paper.css'
import '@mantine/core/styles/Popover.css'
import '@mantine/core/styles/Progress.css'
import './theme/tokens.css'
import './theme/global.css'
import { MantineProvider } from '@mantine/core'
import { StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { AppContext, useApp, useSlice, useStore } from './app-services.ts'
import { App } from './app.tsx'
import { createServices } from './create-services.ts'
import { startI18n } from './i18n/i18n.ts'
import { openMessagePort } from './station-client/message-port-transport.ts'
import {
  openWebSocket, stationAddress, tokenFromFragment,
} from './station-client/websocket-transport.ts'
import { useColourScheme } from './theme/use-colour-scheme.ts'
import { theme } from './theme/theme.ts'

const tokenKey = 'onecounter.token'
const token = tokenFromFragment(location.hash) ?? sessionStorage.getItem(tokenKey)
const inShell = window.onecounter !== undefined
if (token !== null) {
  sessionStorage.setItem(tokenKey, token)
  // The token stays out of the address bar and of what people copy from it.
  history.replaceState(null, '', location.pathname + location.search)
}
const open = inShell
  ? openMessagePort(window) : openWebSocket(stationAddress(location), token ?? '')
const services = createServices(window, open)
const i18n = startI18n(services.settings.get().language)

const Themed = () => {
  const { settings, station } = useApp()
  const values = useStore(settings)
  const scheme = useColourScheme(values.scheme)
  const operatorLanguage = useSlice(station.store, (state) => state.session?.language ?? null)
  const language = operatorLanguage ?? values.language
  useEffect(() => {
    void i18n.changeLanguage(language)
    document.documentElement.lang = language
  }, [language])
  useEffect(() => {
    document.documentElement.dataset['type'] = values.largeType ? 'large' : 'normal'
  }, [values.largeType])
  return (
    <MantineProvider
      theme={theme} forceColorScheme={scheme} withCssVariables={false} withGlobalClasses={false}
      withStaticClasses={false}
    >
      <App hasToken={inShell || token !== null} />
    </MantineProvider>
  )
}

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no root element')
createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={i18n}>
      <AppContext value={services}>
        <Themed />
      </AppContext>
    </I18nextProvider>
  </StrictMode>,
)
