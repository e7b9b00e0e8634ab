/** WebRTC clients that are neither ours nor a browser. */
package dev.parley.systemtests.clients;
