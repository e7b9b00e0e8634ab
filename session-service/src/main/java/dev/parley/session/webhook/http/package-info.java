/** Webhooks over HTTP/1.1: names, connections, requests. */
package dev.parley.session.webhook.http;
