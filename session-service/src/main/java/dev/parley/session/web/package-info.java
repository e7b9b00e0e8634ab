/** The web page, served as plain files. */
package dev.parley.session.web;
