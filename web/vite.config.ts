import { defineConfig, type Plugin } from 'vite';

/** The document names the programs of the pages that people open first, so that they come beside the main one and not after it. */
function preload_pages(...pages: string[]): Plugin {
  return {
    name: 'preload-pages',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {}, chunk: entry }) {
        const files = new Set<string>();
        const add = (file: string) => {
          const chunk = bundle[file];
          if (chunk?.type !== 'chunk' || chunk === entry || files.has(file)) return;
          files.add(file);
          chunk.imports.forEach(add);
        };
        for (const page of pages) add(Object.values(bundle).find(({ type, name }) => type === 'chunk' && name === page)!.fileName);
        return [...files].sort().map((file) => ({ tag: 'link', injectTo: 'head' as const, attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` } }));
      },
    },
  };
}

// The explorer. Its files are embedded in the program, which serves them from "/" and "/assets/".
export default defineConfig({
  plugins: [preload_pages('Runs', 'Space')],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    cssCodeSplit: false,  // 6 kB in all
    modulePreload: { polyfill: false },  // the policy of the server allows no script within the page
    chunkSizeWarningLimit: 800,
  },
  // `npx vite` beside `ganymede serve --port 8642`: the page as it is edited.
  server: { port: 8641, proxy: { '/api': { target: 'http://127.0.0.1:8642', changeOrigin: true, headers: { Origin: 'http://127.0.0.1:8642' } } } },
});
