import DefaultTheme from 'vitepress/theme';
import './style.css';
import Recording from './Recording.vue';

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('Recording', Recording);
  },
};
