// Renders icon.svg and tray.svg to the PNG and ICO files that the packages need: `node assets/render-icons.mjs`.
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { chromium } from '@playwright/test'

const here = new URL('./', import.meta.url)
const browsers = [process.env.LATCHKEY_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', chromium.executablePath()]
const executablePath = browsers.find((path) => path !== undefined && path !== '' && existsSync(path))
if (executablePath === undefined) throw new Error('No Chromium here. Name one in LATCHKEY_CHROMIUM.')

const icon = await readFile(new URL('icon.svg', here), 'utf8')
const tray = await readFile(new URL('tray.svg', here), 'utf8')
const painted = (colour, more = '') => tray.replace('<path ', `<path fill="${colour}" ${more} `)
const [ink, paper] = ['#26231f', '#f4f1ea']

// macOS paints trayTemplate itself. Elsewhere the glyph fits a light or a dark panel, or by its outline one of any colour.
const onAny = painted(paper, `stroke="${ink}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`).replace('viewBox="0 0 24 24"', 'viewBox="-0.5 -0.5 25 25"')
const trays = [['trayTemplate', painted('#000000')], ['tray-on-light', painted(ink)], ['tray-on-dark', painted(paper)], ['tray-on-any', onAny]]
const pictures = [
  ['icon.png', icon, 1024],
  ...[16, 24, 32, 48, 64, 128, 256, 512, 1024].map((size) => [`icons/${size}x${size}.png`, icon, size]),
  ...trays.flatMap(([name, svg]) => [[`${name}.png`, svg, 16], [`${name}@2x.png`, svg, 32]]),
]
// What a taskbar of Windows takes at 100, 125, 150, 200, 250, 300 and 400 %.
const icons = ['tray-on-light', 'tray-on-dark'].map((name) => [`${name}.ico`, trays.find(([each]) => each === name)[1], [16, 20, 24, 32, 40, 48, 64]])

await mkdir(new URL('icons/', here), { recursive: true })
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const page = await browser.newPage()

const drawn = async (svg, size) => {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<body style="margin:0">${svg.replace('<svg ', `<svg width="${size}" height="${size}" style="display:block" `)}</body>`)
  return page.screenshot({ omitBackground: true })
}

/** An image of an icon file: a header, then blue, green, red and alpha from the lowest row up, then a mask that is not used. */
const bitmap = async (png, size) => {
  const pixels = await page.evaluate(async (address) => {
    const picture = await createImageBitmap(await (await fetch(address)).blob(), { premultiplyAlpha: 'none' })
    const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d')
    context.drawImage(picture, 0, 0)
    return [...context.getImageData(0, 0, picture.width, picture.height).data]
  }, `data:image/png;base64,${png.toString('base64')}`)
  const header = Buffer.alloc(40)
  for (const [at, value] of [[0, 40], [4, size], [8, 2 * size], [20, size * size * 4]]) header.writeUInt32LE(value, at)
  header.writeUInt16LE(1, 12)
  header.writeUInt16LE(32, 14)
  const rows = Array.from({ length: size }, (_, y) => Buffer.from(pixels.slice((size - 1 - y) * size * 4, (size - y) * size * 4)).map((_value, at, row) => row[at % 4 === 0 ? at + 2 : at % 4 === 2 ? at - 2 : at]))
  return Buffer.concat([header, ...rows, Buffer.alloc(size * Math.ceil(size / 32) * 4)])
}

const iconFile = (images) => {
  const entries = images.map(({ size, bytes }, index) => {
    const entry = Buffer.alloc(16)
    entry.writeUInt8(size, 0)
    entry.writeUInt8(size, 1)
    entry.writeUInt16LE(1, 4)
    entry.writeUInt16LE(32, 6)
    entry.writeUInt32LE(bytes.length, 8)
    entry.writeUInt32LE(6 + 16 * images.length + images.slice(0, index).reduce((sum, each) => sum + each.bytes.length, 0), 12)
    return entry
  })
  return Buffer.concat([Buffer.from([0, 0, 1, 0, images.length, 0]), ...entries, ...images.map(({ bytes }) => bytes)])
}

for (const [name, svg, size] of pictures) {
  // The plate's margin is for docks; below 48 px it would cost the key its teeth.
  const framed = svg === icon && size < 48 ? svg.replace('viewBox="0 0 1024 1024"', 'viewBox="64 64 896 896"') : svg
  await writeFile(new URL(name, here), await drawn(framed, size))
}
for (const [name, svg, sizes] of icons) {
  const images = []
  for (const size of sizes) images.push({ size, bytes: await bitmap(await drawn(svg, size), size) })
  await writeFile(new URL(name, here), iconFile(images))
}
await browser.close()
