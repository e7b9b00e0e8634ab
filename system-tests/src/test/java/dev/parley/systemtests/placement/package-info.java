/**
 * Where conferences are, with real media servers: what happens when one dies, hangs or is drained.
 */
package dev.parley.systemtests.placement;
