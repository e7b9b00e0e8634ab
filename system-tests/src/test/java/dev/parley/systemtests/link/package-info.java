/** Both ends of the control link, talking over real sockets that break. */
package dev.parley.systemtests.link;
