// usePress adds a <style> element to the document unless one of this id is there. Our CSP refuses inline styles,
// so an empty stand-in takes the id before React Aria looks, and base.css carries the rule itself.
const id = 'react-aria-pressable-style'

if (document.getElementById(id) === null) {
  const standIn = document.createElement('meta')
  standIn.id = id
  document.head.prepend(standIn)
}

export {}
