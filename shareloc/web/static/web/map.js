// The map beside a list of lycées: outline of the départements and markers, no request to anybody else
// unless the page names a server of tiles. Without scripts the list says everything.
(() => {
  // Markers nearer to each other than so many pixels are drawn as one, which opens on a click or the Enter key.
  const NEAR = 44;
  if (!window.L) return;
  start();
  // A list refreshed by htmx brings its map along.
  document.addEventListener("htmx:afterSettle", start);

  function start() {
    const section = document.querySelector("[data-map]");
    const source = document.getElementById("map-data");
    if (section && source && section.hidden) draw(section, JSON.parse(source.textContent));
  }

  function draw(section, given) {
    section.hidden = false;
    const map = L.map(section.querySelector("[data-map-canvas]"), {
      scrollWheelZoom: false,
      zoomAnimation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      maxZoom: 17,
      minZoom: 6,
      zoomSnap: 0.25,
      zoomDelta: 1,
    });
    map.attributionControl.setPrefix(false);
    map.zoomControl.remove();
    L.control.zoom({ zoomInTitle: section.dataset.nearer, zoomOutTitle: section.dataset.farther }).addTo(map);

    if (given.tiles) {
      L.tileLayer(given.tiles, { attribution: "© contributeurs OpenStreetMap" }).addTo(map);
    }
    if (given.outline) {
      fetch(given.outline)
        .then((answer) => answer.json())
        .then((outline) => L.geoJSON(outline, { interactive: false, className: "map-outline", onEachFeature: nameIt }).addTo(map).bringToBack())
        .catch(() => {});
    }

    map.fitBounds(boundsOf(given.markers).pad(0.1), { maxZoom: given.tiles ? 14 : 13, animate: false });
    const layer = L.layerGroup().addTo(map);
    place();
    map.on("zoomend", place);

    // The groups of this zoom. Whoever stood on one of the last zoom is brought back to the map.
    function place() {
      const stood = map.getPane("markerPane").contains(document.activeElement);
      layer.clearLayers();
      for (const group of groups(map, given.markers)) {
        if (group.length === 1) addMarker(group[0], map, layer);
        else addGroup(group, map, layer);
      }
      if (stood) map.getContainer().focus();
    }
  }

  function boundsOf(markers) {
    return L.latLngBounds(markers.map((marker) => marker.at));
  }

  function groups(map, markers) {
    const found = [];
    for (const marker of markers) {
      const at = map.project(marker.at);
      const near = found.find((group) => group.at.distanceTo(at) < NEAR);
      if (near) near.markers.push(marker);
      else found.push({ at, markers: [marker] });
    }
    return found.map((group) => group.markers);
  }

  function nameIt(feature, shape) {
    shape.bindTooltip(feature.properties.name, { permanent: true, direction: "center", className: "map-name", pane: "shadowPane" });
  }

  function addMarker(marker, map, layer) {
    const icon = L.divIcon({ className: "map-marker", html: marker.count > 1 ? String(marker.count) : "", iconSize: [28, 28], iconAnchor: [14, 28], popupAnchor: [0, -26] });
    const placed = L.marker(marker.at, { icon, title: marker.name, keyboard: true }).addTo(layer);
    placed.getElement().setAttribute("aria-label", [marker.name, marker.commune, marker.told].filter(Boolean).join(", "));
    placed.bindPopup(popup([marker]));
  }

  // Several lycées: the map goes nearer, or names them where it cannot tell them apart.
  function addGroup(markers, map, layer) {
    const bounds = boundsOf(markers);
    const rooms = markers.reduce((sum, marker) => sum + marker.count, 0);
    const icon = L.divIcon({ className: "map-group", html: String(rooms || markers.length), iconSize: [40, 40] });
    const { schools } = map.getContainer().closest("[data-map]").dataset;
    const title = `${markers.length} ${schools} ${markers.map((marker) => marker.name).join(", ")}`;
    const placed = L.marker(bounds.getCenter(), { icon, title, keyboard: true }).addTo(layer);
    placed.getElement().setAttribute("aria-label", title);
    const isOnePlace = bounds.getNorthEast().equals(bounds.getSouthWest()) || map.getZoom() >= map.getMaxZoom();
    if (isOnePlace) placed.bindPopup(popup(markers));
    else placed.on("click keypress", (event) => opens(event) && map.fitBounds(bounds.pad(0.2)));
  }

  // Leaflet opens popups with the Enter key, and nothing else.
  function opens(event) {
    return event.type === "click" || event.originalEvent.key === "Enter";
  }

  // Built from nodes: names are text, never markup.
  function popup(markers) {
    const box = document.createElement("div");
    for (const marker of markers) {
      const link = document.createElement("a");
      link.href = marker.url;
      link.textContent = marker.name;
      const town = document.createElement("p");
      town.textContent = [marker.commune, marker.told].filter(Boolean).join(" · ");
      box.append(link, town);
    }
    return box;
  }
})();
