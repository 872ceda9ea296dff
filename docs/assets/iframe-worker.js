/* A browser starts no worker for a page that is read from the disk. There, the search runs in a hidden frame. */
"use strict";

if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      this.room = frame.contentWindow;
      this.room.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      this.room.importScripts = async (...urls) => {
        for (const other of urls) await this.run(other);
      };
      this.ready = this.run(url);
    }

    run(url) {
      return new Promise((resolve, reject) => {
        const script = this.room.document.createElement("script");
        script.src = new URL(url, location.href);
        script.onload = resolve;
        script.onerror = () => reject(new Error(`cannot load ${script.src}`));
        this.room.document.body.append(script);
      });
    }

    async postMessage(data) {
      await this.ready;
      this.room.dispatchEvent(new this.room.MessageEvent("message", { data }));
    }
  };
}
