document.currentScript;
