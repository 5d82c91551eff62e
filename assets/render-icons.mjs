// Renders icon.svg and tray.svg to the PNG files that the packages need: `node assets/render-icons.mjs`.
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { chromium } from '@playwright/test'

const here = new URL('./', import.meta.url)
const browsers = [process.env.LATCHKEY_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', chromium.executablePath()]
const executablePath = browsers.find((path) => path !== undefined && path !== '' && existsSync(path))
if (executablePath === undefined) throw new Error('No Chromium here. Name one in LATCHKEY_CHROMIUM.')

const icon = await readFile(new URL('icon.svg', here), 'utf8')
const tray = await readFile(new URL('tray.svg', here), 'utf8')
const painted = (colour) => tray.replace('<path ', `<path fill="${colour}" `)

// macOS paints trayTemplate itself; elsewhere the glyph must fit a light or a dark task bar.
const trays = [['trayTemplate', '#000000'], ['tray-on-light', '#26231f'], ['tray-on-dark', '#f4f1ea']]
const pictures = [
  ['icon.png', icon, 1024],
  ...[16, 24, 32, 48, 64, 128, 256, 512, 1024].map((size) => [`icons/${size}x${size}.png`, icon, size]),
  ...trays.flatMap(([name, colour]) => [[`${name}.png`, painted(colour), 16], [`${name}@2x.png`, painted(colour), 32]]),
]

await mkdir(new URL('icons/', here), { recursive: true })
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const page = await browser.newPage()
for (const [name, svg, size] of pictures) {
  await page.setViewportSize({ width: size, height: size })
  // The plate's margin is for docks; below 48 px it would cost the key its teeth.
  const drawn = svg === icon && size < 48 ? svg.replace('viewBox="0 0 1024 1024"', 'viewBox="64 64 896 896"') : svg
  await page.setContent(`<body style="margin:0">${drawn.replace('<svg ', `<svg width="${size}" height="${size}" style="display:block" `)}</body>`)
  await writeFile(new URL(name, here), await page.screenshot({ omitBackground: true }))
}
await browser.close()
