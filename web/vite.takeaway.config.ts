import { defineConfig, type Plugin } from 'vite';

// The page to take away: one file, opened without a server, so that script and style stand within it.
function in_one_file(): Plugin {
  return {
    name: 'in-one-file',
    enforce: 'post',
    generateBundle(_, bundle) {
      const page = Object.values(bundle).find((file) => file.type === 'asset' && file.fileName.endsWith('.html'));
      if (page?.type !== 'asset') throw new Error('there is no page to put the script into');
      let html = String(page.source);
      for (const file of Object.values(bundle)) {
        if (file === page) continue;
        const name = file.fileName.replace(/[.\\/]/g, '\\$&');
        const text = file.type === 'chunk' ? file.code : String(file.source);
        const [tag, inside] = file.type === 'chunk'
          ? [new RegExp(`<script[^>]*${name}[^>]*></script>`), `<script type="module">${text.replace(/<\/script/gi, '<\\/script')}</script>`]
          : [new RegExp(`<link[^>]*${name}[^>]*>`), `<style>${text}</style>`];
        if (!tag.test(html)) throw new Error(`${file.fileName} is not named in the page`);
        html = html.replace(tag, () => inside);
        delete bundle[file.fileName];
      }
      page.source = html;
    },
  };
}

export default defineConfig({
  root: 'takeaway',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [in_one_file()],
  build: {
    outDir: '../dist',
    emptyOutDir: false,  // the explorer lies there too
    target: 'es2022',
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 1_000_000,
    rolldownOptions: { input: 'takeaway/takeaway.html' },
  },
});
