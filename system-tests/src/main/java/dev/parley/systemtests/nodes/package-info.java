/** Several session nodes as processes, with the real things that they share. */
package dev.parley.systemtests.nodes;
