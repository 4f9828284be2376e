import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';

const sidebar = () => JSON.parse(readFileSync(new URL('../content/sidebar.json', import.meta.url), 'utf8'));

export default defineConfig({
  title: 'commbench',
  description: 'Measures how microservices talk to each other: latency, faults and what policies really do',
  lang: 'en',
  srcDir: 'content',
  outDir: 'dist',
  cleanUrls: false,
  themeConfig: { sidebar: sidebar(), outline: 'deep', search: { provider: 'local' } },
  markdown: {
    config(md) {
      // Two braces are text here, as in templates of scenarios; Vue would evaluate what is between them.
      for (const rule of ['text', 'code_inline']) {
        const rendered = md.renderer.rules[rule];
        md.renderer.rules[rule] = (...args) => rendered(...args).replaceAll('{{', '&#123;&#123;');
      }
    },
  },
});
