/** Object stores: the port, what one is configured with, and what a signed URL allows. */
package dev.parley.session.object;
