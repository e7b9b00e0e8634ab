/** Where addresses are used. */
package dev.parley.session.geo;
